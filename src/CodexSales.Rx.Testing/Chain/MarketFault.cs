namespace CodexSales.Rx.Testing.Chain;

/// <summary>Faults of a call to a <see cref="SimulatedMarket"/>.</summary>
public enum MarketFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A question is not answered. A transaction never lands, and its outcome is in doubt.</summary>
    Lost,

    /// <summary>A question is not answered. A transaction lands as it should, but its outcome is in doubt.</summary>
    Unconfirmed,

    /// <summary>A question fails. A transaction is in doubt, and lands late: see <c>LateBy</c>.</summary>
    Late,

    /// <summary>A question fails. A transaction lands, and is told late: see <c>LateReceiptBlocks</c>.</summary>
    ReceiptLate,

    /// <summary>No answer until the call is cancelled. A transaction is never sent.</summary>
    Stalls,

    /// <summary>A question fails. The contract refuses a transaction, without a reason that has a name.</summary>
    Refused,
}
