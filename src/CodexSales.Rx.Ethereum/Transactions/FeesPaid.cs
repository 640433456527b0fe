using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a transaction pays when it lands: not the most that it offers.</summary>
internal static class FeesPaid
{
    // A signature, and the list around it.
    private const int BytesOfSignature = 80;

    /// <summary>
    /// Its likely cost in wei: the gas that it is likely to use, at what the next block takes for it; and what is taken for
    /// its bytes.
    /// </summary>
    /// <remarks>Source: EIP-1559. A legacy transaction pays its price.</remarks>
    public static UInt256 Likely(UnsignedTransaction transaction, ulong gas, FeeQuote quote)
    {
        var most = transaction.Fees.MostWeiPerGas;
        var price = transaction.Fees is DynamicFees fees
            && UInt256.TryAdd(quote.BaseFee, fees.MaxPriorityFeePerGas, out var now) && now < most
                ? now
                : most;
        return Sum(Product(price, gas), DataFee(transaction, quote));
    }

    /// <summary>The most that it can cost, in wei.</summary>
    public static UInt256 Most(UnsignedTransaction transaction, FeeQuote quote) => Sum(
        transaction.TryGetMostWei(out var wei) ? wei : UInt256.MaxValue, DataFee(transaction, quote));

    private static UInt256 DataFee(UnsignedTransaction transaction, FeeQuote quote) => quote.WeiPerByte == 0
        ? 0
        : Product(quote.WeiPerByte, (ulong)(transaction.Encode().Length + BytesOfSignature));

    private static UInt256 Product(UInt256 price, ulong count) =>
        UInt256.TryMultiply(price, count, out var wei) ? wei : UInt256.MaxValue;

    private static UInt256 Sum(UInt256 left, UInt256 right) =>
        UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue;
}
