using System.Collections.Immutable;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Simulation.Scenarios;

/// <summary>
/// All that happens in one simulation. Nothing else is drawn while it runs, so a part of it can be left out.
/// </summary>
/// <param name="Seed">From which it was drawn.</param>
/// <param name="Settings">How world and provider are set up.</param>
/// <param name="Acts">What happens, in the order of time.</param>
internal sealed record Scenario(int Seed, Settings Settings, ImmutableArray<Act> Acts);

/// <summary>How world and provider are set up.</summary>
internal sealed record Settings
{
    /// <summary>How long things happen; afterwards all is calm, and everything comes to its end.</summary>
    public required TimeSpan Span { get; init; }

    public required SimulatedChainOptions Chain { get; init; }

    public required SimulatedMarketOptions Market { get; init; }

    public required SimulatedStorageOptions Storage { get; init; }

    /// <summary>The longest that an event takes to be heard of, after the contract's answers know of it.</summary>
    public required TimeSpan NewsDelay { get; init; }

    /// <summary>Which share of the events is told twice, in percent.</summary>
    public required int ToldTwicePercent { get; init; }

    public required TimeSpan ProofTime { get; init; }

    public required TimeSpan WriteTime { get; init; }

    /// <summary>A host that competes faithfully; null for none.</summary>
    public required CompetingHostOptions? Competitor { get; init; }

    public required SalesPipelineOptions Pipeline { get; init; }
}
