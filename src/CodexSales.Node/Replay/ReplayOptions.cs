namespace CodexSales.Node.Replay;

/// <summary>What to replay, and with what to sell.</summary>
internal sealed record ReplayOptions
{
    /// <summary>The recorded logs, one JSON-RPC log object a line.</summary>
    public required string LogsPath { get; init; }

    /// <summary>The recorded blocks, one JSON-RPC block object a line, or null when logs carry their times.</summary>
    public string? BlocksPath { get; init; }

    /// <summary>The contract; null for that of the first Marketplace log.</summary>
    public Address? Marketplace { get; init; }

    /// <summary>What is for sale.</summary>
    public required ImmutableArray<Availability> Availabilities { get; init; }

    /// <summary>Whether the queue is all that is wanted: nothing is sold then.</summary>
    public bool Observe { get; init; }

    /// <summary>How many slots are acquired at once.</summary>
    public int Workers { get; init; } = 3;

    /// <summary>How many slots the queue holds.</summary>
    public int QueueSize { get; init; } = 128;

    /// <summary>How much less collateral a slot in repair takes, in percent.</summary>
    public byte RepairRewardPercent { get; init; } = 10;
}
