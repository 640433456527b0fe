namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What a transaction costs now, and what there is to pay it with.</summary>
/// <param name="Fees">The fees to offer, within the limit.</param>
/// <param name="BaseFee">The next block's base fee in wei; 0 on a chain that has none.</param>
/// <param name="WeiPerByte">What each byte costs besides gas, in wei; 0 on a chain where it costs nothing.</param>
/// <param name="Balance">The account's wei; null when the node does not say.</param>
internal sealed record FeeQuote(
    TransactionFees Fees, UInt256 BaseFee, UInt256 WeiPerByte = default, UInt256? Balance = null)
{
    /// <summary>The fees in place of those of a stuck transaction: an eighth more of both (geth wants a tenth), or the
    /// usual ones now where they are higher. Null when they would be over the limit.</summary>
    public TransactionFees? Raise(TransactionFees offered, UInt256 most)
    {
        TransactionFees raised = (offered, Fees) switch
        {
            (DynamicFees old, DynamicFees now) => new DynamicFees(
                Wei.Larger(AnEighthMore(old.MaxFeePerGas), now.MaxFeePerGas),
                Wei.Larger(AnEighthMore(old.MaxPriorityFeePerGas), now.MaxPriorityFeePerGas)),
            (DynamicFees old, _) => new DynamicFees(
                AnEighthMore(old.MaxFeePerGas), AnEighthMore(old.MaxPriorityFeePerGas)),
            _ => new LegacyFees(Wei.Larger(AnEighthMore(offered.MostWeiPerGas), Fees.MostWeiPerGas)),
        };
        return raised.MostWeiPerGas <= most ? raised : null;
    }

    private static UInt256 AnEighthMore(UInt256 wei) => wei + Wei.Larger((wei + 7) / 8, 1);
}
