namespace CodexSales.Rx.Testing.Work;

/// <summary>The speed of a <see cref="SimulatedStorage"/>.</summary>
public sealed record SimulatedStorageOptions
{
    /// <summary>Bytes a second of one download, at least 1; several don't slow each other down.</summary>
    public ulong BytesPerSecond { get; init; } = 50_000_000;

    /// <summary>The number of times that a download tells its progress, at least 1: at its end.</summary>
    public int ProgressSteps { get; init; } = 4;

    /// <summary>The time that it takes to change or delete stored data.</summary>
    public TimeSpan CallLatency { get; init; }
}
