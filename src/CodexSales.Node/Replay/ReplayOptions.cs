namespace CodexSales.Node.Replay;

/// <summary>The record to replay, and the offers to sell with.</summary>
internal sealed record ReplayOptions
{
    public required string LogsPath { get; init; }

    /// <summary>The recorded blocks; null where logs carry their times.</summary>
    public required string? BlocksPath { get; init; }

    /// <summary>The contract; null for that of the first Marketplace log.</summary>
    public required Address? Marketplace { get; init; }

    public required ImmutableArray<Availability> Availabilities { get; init; }

    /// <summary>Whether the queue is all that is wanted: nothing is sold then.</summary>
    public required bool Observe { get; init; }

    public required int Workers { get; init; }

    public required int QueueSize { get; init; }

    public required byte RepairRewardPercent { get; init; }
}
