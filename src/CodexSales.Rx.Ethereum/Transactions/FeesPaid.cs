namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The fees that a transaction pays when it is mined.</summary>
internal static class FeesPaid
{
    // A signature, and the list around it.
    private const int BytesOfSignature = 80;

    /// <summary>Its likely cost in wei: likely gas at the next block's price (EIP-1559), and the data fee.</summary>
    public static UInt256 Likely(UnsignedTransaction transaction, ulong gas, FeeQuote quote)
    {
        var most = transaction.Fees.MostWeiPerGas;
        var price = transaction.Fees is DynamicFees fees
            && UInt256.TryAdd(quote.BaseFee, fees.MaxPriorityFeePerGas, out var now) && now < most
                ? now
                : most;
        return Wei.Add(Wei.Multiply(price, gas), DataFee(transaction, quote));
    }

    public static UInt256 Most(UnsignedTransaction transaction, FeeQuote quote) => Wei.Add(
        transaction.TryGetMostWei(out var wei) ? wei : UInt256.MaxValue, DataFee(transaction, quote));

    private static UInt256 DataFee(UnsignedTransaction transaction, FeeQuote quote) => quote.WeiPerByte == 0
        ? 0
        : Wei.Multiply(quote.WeiPerByte, (ulong)(transaction.Encode().Length + BytesOfSignature));
}
