namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Questions in messages of a limited size.</summary>
internal static class RpcBatches
{
    /// <summary>Asks all of them at once, in as many messages as it takes. The replies come in order.</summary>
    public static async Task<IReadOnlyList<RpcReply>> AskAsync(
        IReadOnlyList<RpcRequest> requests,
        int most,
        Func<IReadOnlyList<RpcRequest>, Task<IReadOnlyList<RpcReply>>> ask)
    {
        if (requests.Count <= most)
        {
            return requests.Count == 0 ? [] : await ask(requests).ConfigureAwait(false);
        }

        var messages = requests.Chunk(most).Select(ask).ToList();
        List<RpcReply> replies = new(requests.Count);
        foreach (var message in messages)
        {
            replies.AddRange(await message.ConfigureAwait(false));
        }

        return replies;
    }
}
