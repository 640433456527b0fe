namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Estimates the gas of calls, and so learns for free whether they would revert. As of a block, by its hash,
/// where the node takes a block here: many take none, and then the choice is theirs.</summary>
internal sealed class GasEstimator(IRpcTransport transport)
{
    private readonly NotTaken _blocks = new(transport);

    /// <summary>The block in the questions of one message; null where the node takes none, or none is known.</summary>
    public BlockTag? TagOf(BlockStamp? asOf) =>
        asOf is { } block && !_blocks.IsLikely() ? BlockTag.Of(block) : null;

    /// <summary>Reads the answers of a message; asks without the block where a node takes none.</summary>
    public async Task<IReadOnlyList<GasEstimate>> ReadAsync(
        IReadOnlyList<(ContractCall Call, RpcReply Reply)> answered, CancellationToken cancellationToken)
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
            [.. unknown.Select(place => NodeQuestions.EstimateGas(answered[place].Call, null))], cancellationToken)
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

    /// <summary>The gas of a transfer to oneself on this chain; null when the node does not say.</summary>
    public async Task<ulong?> AskTransferAsync(Address account, CancellationToken cancellationToken) =>
        GasEstimate.Of(await transport.AskAsync(
            NodeQuestions.EstimateGas(new ContractCall(account, account, "transfer", []), null), cancellationToken)
            .ConfigureAwait(false)) is GasNeeded needed ? needed.Gas : null;
}
