namespace CodexSales.Node.Demo;

/// <summary>How the demo goes.</summary>
internal sealed record DemoOptions
{
    /// <summary>The speed in a terminal when no other one is given: a day takes half a minute.</summary>
    public const double UsualSpeed = 2_880;

    /// <summary>How long the market is shown, in days of its own.</summary>
    public double Days { get; init; } = 1;

    /// <summary>Market seconds for each real second; null for as fast as possible.</summary>
    public double? Speed { get; init; }

    /// <summary>Decides everything that is left to chance.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many requests clients make, on average.</summary>
    public double RequestsPerHour { get; init; } = 20;

    /// <summary>How many slots are acquired at once.</summary>
    public int Workers { get; init; } = 3;

    /// <summary>How many slots the queue holds.</summary>
    public int QueueSize { get; init; } = 128;
}
