namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Searches blocks for the transaction that used a nonce: where the node signed it and its answer with the
/// hash is lost, and where the node shows no receipt.</summary>
internal sealed class NonceSearch(IRpcTransport transport, Address account)
{
    /// <summary>The most blocks that are read in one go.</summary>
    public const ulong MostBlocks = 64;

    /// <summary>The hash of the account's transaction of a nonce in the first blocks of a range, or null; and the first
    /// block that was not read, or that the node did not show. One message, of full blocks.</summary>
    public async Task<(Bytes32? Hash, ulong Next)> FindAsync(
        ulong nonce, ulong from, ulong to, CancellationToken cancellationToken)
    {
        if (from > to)
        {
            return (null, from);
        }

        var count = Math.Min(to - from + 1, MostBlocks);
        var replies = await transport.AskAsync(
            [.. Enumerable.Range(0, (int)count).Select(place => NodeQuestions.GetFullBlock(from + (ulong)place))],
            cancellationToken).ConfigureAwait(false);
        var isShown = replies.Select(reply => reply is RpcResult result && !NodeAnswers.IsNull(result)).ToList();
        var found = replies.OfType<RpcResult>().Select(block => FindIn(block, nonce))
            .FirstOrDefault(hash => hash is not null);
        var unseen = isShown.IndexOf(false);
        return (found, from + (unseen < 0 ? count : (ulong)unseen));
    }

    private Bytes32? FindIn(RpcResult block, ulong nonce)
    {
        using var document = JsonDocument.Parse(block.Json);
        if (document.RootElement.ValueKind != JsonValueKind.Object
            || !document.RootElement.TryGetProperty("transactions", out var transactions)
            || transactions.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var transaction in transactions.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.Object))
        {
            if (Hex.TryReadAddress(NodeAnswers.ReadText(transaction, "from"), out var from) && from == account
                && NodeAnswers.ReadNumber(NodeAnswers.ReadText(transaction, "nonce")) == nonce
                && Bytes32.TryParse(NodeAnswers.ReadText(transaction, "hash"), out var hash))
            {
                return hash;
            }
        }

        return null;
    }
}
