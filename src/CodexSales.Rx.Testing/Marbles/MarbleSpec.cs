namespace CodexSales.Rx.Testing.Marbles;

/// <summary>A specification in marbles as it was read, shared by reader, runner and drawing. Immutable.</summary>
/// <remarks>The format is explained in <c>marbles/README.md</c>.</remarks>
internal sealed record MarbleSpec
{
    public required string File { get; init; }

    public required string Title { get; init; }

    public string? Source { get; init; }

    public required ImmutableArray<string> Lines { get; init; }

    public required TimeSpan Tick { get; init; }

    public TimeSpan? Break { get; init; }

    public required ulong ProofPeriodSeconds { get; init; }

    public required ulong FinalitySeconds { get; init; }

    /// <summary>True where sales go as the ports answer, and not by scripts.</summary>
    public required bool IsAgentLevel { get; init; }

    public required SalesPipelineOptions Options { get; init; }

    public required Fragment? OptionsText { get; init; }

    public required ImmutableArray<Fragment> Covers { get; init; }

    public required ImmutableArray<MarbleSymbol> Symbols { get; init; }

    public required ImmutableArray<MarbleScript> Scripts { get; init; }

    public required MarbleRuler Ruler { get; init; }

    public required ImmutableArray<MarbleLane> Lanes { get; init; }

    public required ImmutableArray<PlacedInput> Inputs { get; init; }

    public MarbleSymbol? Find(char sign) => Symbols.FirstOrDefault(symbol => symbol.Sign == sign);
}
