using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Asks what a call would take, and so learns for free whether it would revert.</summary>
internal sealed class GasEstimator(IRpcTransport transport)
{
    private bool _hasNoPendingBlock;

    /// <summary>As of the pending block; of the newest one where the node has no pending block to ask about.</summary>
    public async Task<GasEstimate> AskAsync(ContractCall call, CancellationToken cancellation)
    {
        if (!_hasNoPendingBlock)
        {
            var pending = await AskAsync(call, NodeQuestions.Pending, cancellation).ConfigureAwait(false);
            if (pending is not GasUnknown { IsPassing: false })
            {
                return pending;
            }
        }

        // Many nodes take no block here at all: then it is theirs to choose.
        var latest = await AskAsync(call, null, cancellation).ConfigureAwait(false);
        _hasNoPendingBlock |= latest is not GasUnknown;
        return latest;
    }

    /// <summary>As of the newest block: without what is in flight.</summary>
    public Task<GasEstimate> AskLatestAsync(ContractCall call, CancellationToken cancellation) =>
        AskAsync(call, NodeQuestions.Latest, cancellation);

    private async Task<GasEstimate> AskAsync(ContractCall call, string? block, CancellationToken cancellation) =>
        GasEstimate.Of(await transport.AskAsync(NodeQuestions.EstimateGas(call, block), cancellation)
            .ConfigureAwait(false));
}
