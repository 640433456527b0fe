namespace CodexSales.Rx.Ethereum.Abi;

/// <summary>What the contract was deployed with.</summary>
/// <remarks>Source: <c>Configuration.sol</c>, function <c>configuration()</c>.</remarks>
public sealed record MarketplaceConfiguration
{
    /// <summary>What the pipeline needs of it.</summary>
    public required MarketRules Rules { get; init; }

    /// <summary>How many hosts may reserve one slot.</summary>
    public required byte MaxReservations { get; init; }

    /// <summary>The longest duration that a request may have, in seconds: no older request is still open.</summary>
    public required ulong RequestDurationLimitSeconds { get; init; }
}
