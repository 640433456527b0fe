namespace CodexSales.Rx.Testing.Marbles;

/// <summary>
/// A specification in marbles, as it was read: what happens to a pipeline, column by column, and what it must say to
/// that. Reader, runner and drawing share it. Immutable.
/// </summary>
/// <remarks>The format is explained in <c>marbles/README.md</c>.</remarks>
internal sealed record MarbleSpec
{
    /// <summary>The file's name, as in messages.</summary>
    public required string File { get; init; }

    /// <summary>The claim that it shows, in one sentence.</summary>
    public required string Title { get; init; }

    /// <summary>Where the behaviour comes from; null when nothing is said of that.</summary>
    public string? Source { get; init; }

    public required ImmutableArray<string> Lines { get; init; }

    public required TimeSpan Tick { get; init; }

    public TimeSpan? Break { get; init; }

    public required ulong ProofPeriodSeconds { get; init; }

    /// <summary>How long after it a block is final.</summary>
    public required ulong FinalitySeconds { get; init; }

    /// <summary>Whether sales go as the ports answer, and not by scripts.</summary>
    public required bool IsAgentLevel { get; init; }

    public required SalesPipelineOptions Options { get; init; }

    /// <summary>Where the options stand, if any are given.</summary>
    public required Fragment? OptionsText { get; init; }

    public required ImmutableArray<Fragment> Covers { get; init; }

    public required ImmutableArray<MarbleSymbol> Symbols { get; init; }

    public required ImmutableArray<MarbleScript> Scripts { get; init; }

    public required MarbleRuler Ruler { get; init; }

    public required ImmutableArray<MarbleLane> Lanes { get; init; }

    /// <summary>What happens, in order: by column, then by lane.</summary>
    public required ImmutableArray<PlacedInput> Inputs { get; init; }

    public MarbleSymbol? Find(char sign) => Symbols.FirstOrDefault(symbol => symbol.Sign == sign);
}
