using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a transaction costs now, and what there is to pay it with.</summary>
/// <param name="Fees">What to offer, within the limit.</param>
/// <param name="BaseFee">The next block's base fee in wei; 0 on a chain that has none.</param>
/// <param name="WeiPerByte">What each byte costs besides gas, in wei; 0 on a chain where it costs nothing.</param>
/// <param name="Balance">What the account has, in wei; null when the node does not say.</param>
internal sealed record FeeQuote(
    TransactionFees Fees, UInt256 BaseFee, UInt256 WeiPerByte = default, UInt256? Balance = null)
{
    /// <summary>
    /// What to offer in place of what was offered and is stuck: an eighth more of both fees, or what is usual now where
    /// that is more. Null when it would be over the limit.
    /// </summary>
    /// <remarks>Source: geth wants a tenth more of both.</remarks>
    public TransactionFees? Raise(TransactionFees offered, UInt256 most)
    {
        TransactionFees raised = (offered, Fees) switch
        {
            (DynamicFees old, DynamicFees now) => new DynamicFees(
                Larger(AnEighthMore(old.MaxFeePerGas), now.MaxFeePerGas),
                Larger(AnEighthMore(old.MaxPriorityFeePerGas), now.MaxPriorityFeePerGas)),
            (DynamicFees old, _) => new DynamicFees(
                AnEighthMore(old.MaxFeePerGas), AnEighthMore(old.MaxPriorityFeePerGas)),
            _ => new LegacyFees(Larger(AnEighthMore(offered.MostWeiPerGas), Fees.MostWeiPerGas)),
        };
        return raised.MostWeiPerGas <= most ? raised : null;
    }

    private static UInt256 AnEighthMore(UInt256 wei) => wei + Larger((wei + 7) / 8, 1);

    private static UInt256 Larger(UInt256 left, UInt256 right) => left > right ? left : right;
}
