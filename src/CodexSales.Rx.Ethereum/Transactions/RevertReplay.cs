using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Finds out why a transaction was reverted: its receipt does not say.</summary>
internal sealed class RevertReplay(IRpcTransport transport, Address account)
{
    /// <summary>What the contract said, if that can be found out, and the reason in words.</summary>
    public async Task<(ContractError? Error, string Reason)> ExplainAsync(
        UnsignedTransaction sent, TransactionReceipt receipt, CancellationToken cancellation)
    {
        if (sent.GasLimit == receipt.GasUsed)
        {
            return (null, "it ran out of gas");
        }

        // As of the block before; where it passes there, something in its own block was first.
        var call = new ContractCall(account, sent.To, "", sent.Data);
        string? trouble = null;
        foreach (var block in (ulong[])[Math.Max(receipt.BlockNumber, 1) - 1, receipt.BlockNumber])
        {
            var reply = await transport.AskAsync(
                NodeQuestions.Call(call, BlockTag.At(block)), cancellation).ConfigureAwait(false);
            if (reply is RpcError error && RevertData.FindError(error) is { } revert)
            {
                return (revert, $"replayed, it reverts with {revert.Text}");
            }

            trouble ??= reply switch
            {
                RpcResult => null,
                RpcError other => $"the node says \"{other.Message}\"",
                _ => "the node does not answer",
            };
        }

        return (null, trouble is null ? "replayed, it does not revert" : $"it could not be replayed: {trouble}");
    }
}
