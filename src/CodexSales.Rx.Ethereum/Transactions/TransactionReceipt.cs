using System.Text.Json;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a block says of a transaction that is in it.</summary>
/// <param name="BlockNumber">The block's height.</param>
/// <param name="BlockHash">The block.</param>
/// <param name="HasSucceeded">Whether it did what it should; else it was reverted.</param>
/// <param name="GasUsed">The gas that it took.</param>
/// <param name="WeiPerGas">What it paid for each unit of gas.</param>
/// <param name="DataFee">What it paid besides, in wei: on rollups for what is written to the chain below.</param>
/// <param name="Transfers">The transfers of tokens in it, in order.</param>
internal sealed record TransactionReceipt(
    ulong BlockNumber,
    Bytes32 BlockHash,
    bool HasSucceeded,
    ulong GasUsed,
    UInt256 WeiPerGas,
    UInt256 DataFee,
    ImmutableArray<TokenTransfer> Transfers)
{
    public UInt256 SpentWei =>
        UInt256.TryMultiply(WeiPerGas, GasUsed, out var wei) && UInt256.TryAdd(wei, DataFee, out var all)
            ? all
            : UInt256.MaxValue;

    /// <summary>Reads a receipt; null when the node has none, or gives something that is none, or is another one's.</summary>
    /// <param name="reply">The node's answer.</param>
    /// <param name="sent">What it is the receipt of.</param>
    /// <remarks>
    /// Source: <c>eth_getTransactionReceipt</c>. Old nodes, and chains without a base fee, give no effective gas price: then it
    /// is the most that was offered. The data fee is <c>l1Fee</c>, as the OP stack and Scroll name it.
    /// </remarks>
    public static TransactionReceipt? Read(RpcReply reply, TransactionAttempt sent)
    {
        if (reply is not RpcResult result || NodeAnswers.IsNull(result))
        {
            return null;
        }

        using var document = JsonDocument.Parse(result.Json);
        var receipt = document.RootElement;
        return receipt.ValueKind == JsonValueKind.Object
            && (NodeAnswers.ReadText(receipt, "transactionHash") is not { } of
                || (Bytes32.TryParse(of, out var whose) && whose == sent.Hash))
            && Number(receipt, "blockNumber") is { } number
            && NodeAnswers.ReadText(receipt, "blockHash") is { } hashText
            && Bytes32.TryParse(hashText, out var hash)
            && Number(receipt, "status") is { } status
            && Number(receipt, "gasUsed") is { } gasUsed
                ? new TransactionReceipt(
                    number,
                    hash,
                    status == 1,
                    gasUsed,
                    Amount(receipt, "effectiveGasPrice") ?? MostOffered(sent),
                    Amount(receipt, "l1Fee") ?? 0,
                    ReadTransfers(receipt))
                : null;
    }

    private static UInt256? Amount(JsonElement receipt, string property) =>
        NodeAnswers.ReadText(receipt, property) is { } text ? NodeAnswers.ReadAmount(text) : null;

    private static UInt256 MostOffered(TransactionAttempt sent) =>
        UnsignedTransaction.TryDecode(sent.Unsigned.AsSpan(), out var transaction) ? transaction.Fees.MostWeiPerGas : 0;

    private static ulong? Number(JsonElement item, string property) =>
        NodeAnswers.ReadText(item, property) is { } text ? NodeAnswers.ReadNumber(text) : null;

    private static ImmutableArray<TokenTransfer> ReadTransfers(JsonElement receipt) =>
        receipt.TryGetProperty("logs", out var logs) && logs.ValueKind == JsonValueKind.Array
            ? [.. logs.EnumerateArray().Select(TokenTransfer.Read).OfType<TokenTransfer>()]
            : [];
}
