using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Finds out why transactions were reverted: their receipts do not say.</summary>
internal sealed class RevertReplay(IRpcTransport transport, Address account)
{
    /// <summary>
    /// What the contract said to each, if that can be found out, and the reason in words. One message: as of the block
    /// before; and as of its own, for where it passes there something in that block was first.
    /// </summary>
    public async Task<IReadOnlyList<(ContractError? Error, string Reason)>> ExplainAsync(
        IReadOnlyList<(UnsignedTransaction Sent, TransactionReceipt Receipt)> reverted, CancellationToken cancellation)
    {
        var message = new OneMessage(transport);
        var replays = reverted.Select(one => HasUsedAll(one) ? null : Replay(message, one)).ToList();
        await message.AskAsync(cancellation).ConfigureAwait(false);
        return [.. replays.Select(replay => replay is null
            ? (null, "it ran out of gas")
            : Understand([.. replay.Select(reply => reply())]))];
    }

    private List<Func<RpcReply>> Replay(
        OneMessage message, (UnsignedTransaction Sent, TransactionReceipt Receipt) reverted)
    {
        var call = new ContractCall(account, reverted.Sent.To, "", reverted.Sent.Data);
        var block = reverted.Receipt.BlockNumber;
        return [.. new[] { Math.Max(block, 1) - 1, block }
            .Select(number => message.Add(NodeQuestions.Call(call, BlockTag.At(number))))];
    }

    private static bool HasUsedAll((UnsignedTransaction Sent, TransactionReceipt Receipt) reverted) =>
        reverted.Sent.GasLimit == reverted.Receipt.GasUsed;

    // Only a result says that it passes: what the node can't replay, or does not answer, is nothing known.
    private static (ContractError? Error, string Reason) Understand(IReadOnlyList<RpcReply> replies)
    {
        var revert = replies.OfType<RpcError>().Select(RevertData.FindError).FirstOrDefault(error => error is not null);
        return revert is not null ? (revert, $"replayed, it reverts with {revert.Text}")
            : (null, replies.FirstOrDefault(reply => reply is not RpcResult) switch
            {
                RpcError error => $"it could not be replayed: the node says \"{error.Message}\"",
                RpcNoAnswer none => $"it could not be replayed: {none.Detail}",
                _ => "replayed, it does not revert",
            });
    }
}
