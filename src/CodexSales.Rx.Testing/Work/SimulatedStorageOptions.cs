namespace CodexSales.Rx.Testing.Work;

/// <summary>How fast a <see cref="SimulatedStorage"/> is.</summary>
public sealed record SimulatedStorageOptions
{
    /// <summary>Bytes a second of one download, at least 1; several don't slow each other down.</summary>
    public ulong BytesPerSecond { get; init; } = 50_000_000;

    /// <summary>How often a download tells its progress, at least once: at its end.</summary>
    public int ProgressSteps { get; init; } = 4;

    /// <summary>How long it takes to change or delete what is stored.</summary>
    public TimeSpan CallLatency { get; init; }
}
