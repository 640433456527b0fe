namespace CodexSales.Rx.Testing.Chain;

/// <summary>What goes wrong with a call to a <see cref="SimulatedMarket"/>.</summary>
public enum MarketFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A question is not answered. A transaction never lands, and its outcome is in doubt.</summary>
    Lost,

    /// <summary>A question is not answered. A transaction lands as it should, but its outcome is in doubt.</summary>
    Unconfirmed,

    /// <summary>
    /// A question is not answered. A transaction is in doubt when it should have landed, and lands later than that by
    /// <see cref="SimulatedMarketOptions.LateBy"/>.
    /// </summary>
    Late,

    /// <summary>
    /// A question is not answered. A transaction lands as it should, and its outcome is told later than that by
    /// <see cref="SimulatedMarketOptions.LateReceiptBlocks"/>.
    /// </summary>
    ReceiptLate,

    /// <summary>
    /// There is never an answer: only cancelling ends the wait. A transaction is never sent.
    /// </summary>
    Stalls,

    /// <summary>
    /// A question is not answered. The contract refuses a transaction, for no reason that it has a name for.
    /// </summary>
    Refused,
}
