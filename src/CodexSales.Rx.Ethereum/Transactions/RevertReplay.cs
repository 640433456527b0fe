namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Finds out why transactions were reverted: their receipts do not say.</summary>
internal sealed class RevertReplay(IRpcTransport transport, Address account)
{
    /// <summary>The contract's error for each, if the node tells, and the reason in words. One message replays each as
    /// of the block before; and as of its own, for a cause that came earlier in that block.</summary>
    public async Task<IReadOnlyList<(ContractError? Error, string Reason)>> ExplainAsync(
        IEnumerable<(TransactionAttempt Attempt, TransactionReceipt Receipt)> reverted,
        CancellationToken cancellationToken)
    {
        var message = new OneMessage(transport);
        var explanations = reverted.Select(one => Replay(message, one.Attempt, one.Receipt)).ToList();
        await message.AskAsync(cancellationToken).ConfigureAwait(false);
        return [.. explanations.Select(explain => explain())];
    }

    // The result explains, once the message was asked.
    private Func<(ContractError? Error, string Reason)> Replay(
        OneMessage message, TransactionAttempt attempt, TransactionReceipt receipt)
    {
        if (!UnsignedTransaction.TryDecode(attempt.Unsigned.AsSpan(), out var sent))
        {
            return () => (null, "what was sent can't be read");
        }

        if (sent.GasLimit == receipt.GasUsed)
        {
            return () => (null, "it ran out of gas");
        }

        var call = new ContractCall(account, sent.To, "", sent.Data);
        var block = receipt.BlockNumber;
        var replays = new[] { Math.Max(block, 1) - 1, block }
            .Select(number => message.Add(NodeQuestions.Call(call, BlockTag.At(number))))
            .ToList();
        return () => Explain([.. replays.Select(reply => reply())]);
    }

    // Only a result says that it does not revert: without an answer nothing is known.
    private static (ContractError? Error, string Reason) Explain(IReadOnlyList<RpcReply> replies)
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
