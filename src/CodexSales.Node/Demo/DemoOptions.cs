namespace CodexSales.Node.Demo;

/// <summary>The options of the demo.</summary>
internal sealed record DemoOptions
{
    /// <summary>The speed in a terminal when no other one is given: a day takes half a minute.</summary>
    public const double UsualSpeed = 2_880;

    /// <summary>The time that is shown, in days of the market.</summary>
    public required double Days { get; init; }

    /// <summary>Market seconds for each real second; null for as fast as possible.</summary>
    public required double? Speed { get; init; }

    /// <summary>Decides everything that is left to chance.</summary>
    public required int Seed { get; init; }

    public required double RequestsPerHour { get; init; }

    public required int Workers { get; init; }

    public required int QueueSize { get; init; }
}
