namespace CodexSales.Rx.Testing;

/// <summary>What goes wrong with a call to a <see cref="SimulatedMarket"/>.</summary>
public enum MarketFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A question is not answered. A transaction never lands, and its outcome is in doubt.</summary>
    Lost,

    /// <summary>A question is not answered. A transaction lands as it should, but its outcome is in doubt.</summary>
    Unconfirmed,
}
