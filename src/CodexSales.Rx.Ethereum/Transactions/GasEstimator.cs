using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Asks what calls would take, and so learns for free whether they would revert.</summary>
/// <remarks>
/// As of a block, by its hash, where the node takes a block here: many take none, and then it is theirs to choose.
/// </remarks>
internal sealed class GasEstimator(IRpcTransport transport)
{
    private readonly NotTaken _blocks = new(transport);

    /// <summary>How a block is named to the node in the questions of one message; null where it takes none.</summary>
    /// <param name="asOf">The block; null leaves it to the node.</param>
    public BlockTag? TagOf(BlockStamp? asOf) =>
        asOf is not { } block || _blocks.IsLikely() ? null
            : block.Hash == default ? BlockTag.At(block.Number)
            : BlockTag.Of(block.Hash);

    /// <summary>
    /// Understands the answers of a message; asks again, without a block, a node that takes none: one more message.
    /// </summary>
    public async Task<IReadOnlyList<GasEstimate>> UnderstandAsync(
        IReadOnlyList<(ContractCall Call, RpcReply Reply)> answered, CancellationToken cancellation)
    {
        var estimates = answered.Select(one => GasEstimate.Of(one.Reply)).ToList();
        var unknown = Enumerable.Range(0, estimates.Count)
            .Where(place => estimates[place] is GasUnknown { IsPassing: false })
            .ToList();
        if (unknown.Count == 0)
        {
            return estimates;
        }

        var replies = await transport.AskAsync(
            [.. unknown.Select(place => NodeQuestions.EstimateGas(answered[place].Call, null))], cancellation)
            .ConfigureAwait(false);
        foreach (var (place, reply) in unknown.Zip(replies))
        {
            if (GasEstimate.Of(reply) is var without and not GasUnknown)
            {
                _blocks.Learn();
                estimates[place] = without;
            }
        }

        return estimates;
    }

    /// <summary>What a transfer to oneself takes on this chain: the same as of any block. Null when nobody says.</summary>
    public async Task<ulong?> AskTransferAsync(Domain.Address account, CancellationToken cancellation) =>
        GasEstimate.Of(await transport.AskAsync(
            NodeQuestions.EstimateGas(new ContractCall(account, account, "transfer", []), null), cancellation)
            .ConfigureAwait(false)) is GasNeeded needed ? needed.Gas : null;
}
