using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Asks what a call would take, and so learns for free whether it would revert.</summary>
/// <remarks>
/// As of a block, by its hash, where the node takes a block here: many take none, and then it is theirs to choose.
/// </remarks>
internal sealed class GasEstimator(IRpcTransport transport)
{
    private readonly NotTaken _blocks = new(transport);

    /// <summary>The question, to go with others in one message.</summary>
    /// <param name="call">What is to be sent.</param>
    /// <param name="asOf">The block; null leaves it to the node.</param>
    public RpcRequest Question(ContractCall call, BlockStamp? asOf) => NodeQuestions.EstimateGas(
        call,
        asOf is not { } block || _blocks.IsLikely() ? null
            : block.Hash == default ? BlockTag.At(block.Number)
            : BlockTag.Of(block.Hash));

    /// <summary>Understands the answer; asks again, without a block, a node that takes none.</summary>
    public async Task<GasEstimate> UnderstandAsync(
        ContractCall call, RpcReply reply, CancellationToken cancellation)
    {
        if (GasEstimate.Of(reply) is not GasUnknown { IsPassing: false } unknown)
        {
            return GasEstimate.Of(reply);
        }

        var without = GasEstimate.Of(await transport
            .AskAsync(NodeQuestions.EstimateGas(call, null), cancellation).ConfigureAwait(false));
        if (without is GasUnknown)
        {
            return unknown;
        }

        _blocks.Learn();
        return without;
    }

    /// <summary>What a transfer to oneself takes on this chain: the same as of any block. Null when nobody says.</summary>
    public async Task<ulong?> AskTransferAsync(Domain.Address account, CancellationToken cancellation) =>
        GasEstimate.Of(await transport.AskAsync(
            NodeQuestions.EstimateGas(new ContractCall(account, account, "transfer", []), null), cancellation)
            .ConfigureAwait(false)) is GasNeeded needed ? needed.Gas : null;
}
