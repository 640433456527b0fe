namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The outcome of a transaction in a block; its data fee, of rollups, is in wei.</summary>
internal sealed record TransactionReceipt(
    ulong BlockNumber,
    Bytes32 BlockHash,
    bool HasSucceeded,
    ulong GasUsed,
    UInt256 WeiPerGas,
    UInt256 DataFee,
    ImmutableArray<TokenTransfer> Transfers)
{
    public UInt256 SpentWei => Wei.Add(Wei.Multiply(WeiPerGas, GasUsed), DataFee);

    /// <summary>Reads the receipt of an attempt; null without one, or when it is another transaction's.</summary>
    /// <remarks>Source: <c>eth_getTransactionReceipt</c>. Old nodes and chains without a base fee give no effective gas
    /// price: then it is the most that was offered. The data fee is <c>l1Fee</c>, as the OP stack and Scroll name
    /// it.</remarks>
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
        NodeAnswers.ReadAmount(NodeAnswers.ReadText(receipt, property));

    private static UInt256 MostOffered(TransactionAttempt sent) =>
        UnsignedTransaction.TryDecode(sent.Unsigned.AsSpan(), out var transaction) ? transaction.Fees.MostWeiPerGas : 0;

    private static ulong? Number(JsonElement item, string property) =>
        NodeAnswers.ReadNumber(NodeAnswers.ReadText(item, property));

    private static ImmutableArray<TokenTransfer> ReadTransfers(JsonElement receipt) =>
        receipt.TryGetProperty("logs", out var logs) && logs.ValueKind == JsonValueKind.Array
            ? [.. logs.EnumerateArray().Select(TokenTransfer.Read).OfType<TokenTransfer>()]
            : [];
}
