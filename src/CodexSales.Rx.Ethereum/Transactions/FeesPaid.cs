using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a transaction pays when it lands: not the most that it offers.</summary>
internal static class FeesPaid
{
    /// <summary>Its likely cost in wei: the gas that it is likely to use, at what the next block takes for it.</summary>
    /// <remarks>Source: EIP-1559. A legacy transaction pays its price.</remarks>
    public static UInt256 Likely(UnsignedTransaction transaction, ulong gas, UInt256 baseFee)
    {
        var most = transaction.Fees.MostWeiPerGas;
        var price = transaction.Fees is DynamicFees fees
            && UInt256.TryAdd(baseFee, fees.MaxPriorityFeePerGas, out var now) && now < most
                ? now
                : most;
        return UInt256.TryMultiply(price, gas, out var wei) ? wei : UInt256.MaxValue;
    }
}
