namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>The options of asking a node. Checked when a transport is made.</summary>
public sealed record RpcOptions
{
    /// <summary>The longest that an answer, or a connection, may take.</summary>
    /// <value>20 s by default; more than nothing.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The most messages that may be without their answer at once. More wait their turn.</summary>
    /// <value>16 by default; at least 1.</value>
    public int MaxConcurrent { get; set; } = 16;

    /// <summary>The most questions a second that are asked, evenly spread; each of a batch counts.</summary>
    /// <value>Null by default: as many as there are. More than 0.</value>
    public double? MaxPerSecond { get; set; }

    /// <summary>The most questions in one message. A provider's lower limit is learnt, and tested at times.</summary>
    /// <value>20 by default; at least 1.</value>
    public int MaxBatch { get; set; } = 20;

    /// <summary>The largest message of a node that is read. A larger one counts as no answer.</summary>
    /// <value>32 MiB by default, in bytes; at least 1,024.</value>
    public int MaxReplyBytes { get; set; } = 32 << 20;

    /// <summary>The silence after which a connection is tested, so that it neither idles nor dies unseen.</summary>
    /// <value>15 s by default; more than nothing.</value>
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest wait before the next attempt to connect.</summary>
    /// <value>30 s by default; more than nothing.</value>
    public TimeSpan LongestBackOff { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The time that a connection must have held before its loss counts as the first one.</summary>
    /// <value>60 s by default.</value>
    public TimeSpan HealthyPeriod { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. OptionErrors.Unless(Timeout > TimeSpan.Zero, nameof(Timeout), Timeout, "more than 0"),
        .. OptionErrors.Unless(MaxConcurrent >= 1, nameof(MaxConcurrent), MaxConcurrent, "1 or more"),
        .. OptionErrors.Unless(MaxPerSecond is null or > 0, nameof(MaxPerSecond), MaxPerSecond, "more than 0"),
        .. OptionErrors.Unless(MaxBatch >= 1, nameof(MaxBatch), MaxBatch, "1 or more"),
        .. OptionErrors.Unless(MaxReplyBytes >= 1_024, nameof(MaxReplyBytes), MaxReplyBytes, "1024 or more"),
        .. OptionErrors.Unless(Silence > TimeSpan.Zero, nameof(Silence), Silence, "more than 0"),
        .. OptionErrors.Unless(LongestBackOff > TimeSpan.Zero, nameof(LongestBackOff), LongestBackOff, "more than 0"),
        .. OptionErrors.Unless(HealthyPeriod >= TimeSpan.Zero, nameof(HealthyPeriod), HealthyPeriod, "0 or more"),
    ];
}
