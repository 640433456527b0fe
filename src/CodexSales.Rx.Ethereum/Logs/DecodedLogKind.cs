namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>What a log turned out to be.</summary>
public enum DecodedLogKind
{
    /// <summary>A log that another contract wrote; it is not decoded.</summary>
    OfAnotherContract = 0,

    /// <summary>An event of the Marketplace.</summary>
    MarketEvent = 1,

    /// <summary>A log of the Marketplace's address that is none of the known events.</summary>
    Undecodable = 2,
}
