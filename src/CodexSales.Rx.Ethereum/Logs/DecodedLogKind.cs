namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>What a log turned out to be.</summary>
public enum DecodedLogKind
{
    /// <summary>A log that another contract wrote. It is not looked into.</summary>
    OfAnotherContract = 0,

    /// <summary>An event of the Marketplace.</summary>
    MarketEvent = 1,

    /// <summary>
    /// A log that the Marketplace's address wrote, but that is none of the contract's events as they are known here.
    /// </summary>
    Undecodable = 2,
}
