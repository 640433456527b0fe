namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The state of reading events.</summary>
/// <param name="Endpoint">The node that is asked, by a name without secrets.</param>
/// <param name="Reconnects">The number of connections after the first one.</param>
/// <param name="Head">The node's newest block; null before the first answer.</param>
/// <param name="Told">The newest block whose events were told; null before the first one.</param>
/// <param name="Progress">How far the past was read; null when that is not going on.</param>
/// <param name="Undecodable">The number of logs that could not be decoded: another contract, if not 0.</param>
/// <param name="Problem">The reason why events are not up to date, as one sentence; null when they are.</param>
public sealed record IntakeHealth(
    string Endpoint,
    long Reconnects,
    BlockStamp? Head,
    BlockStamp? Told,
    IntakeProgress? Progress,
    long Undecodable,
    string? Problem)
{
    /// <summary>The past that no node had, as a sentence or two, or null. Events are up to date all the same.</summary>
    public string? Missing { get; init; }

    /// <summary>The last finding about nodes that does no harm (yet), as one sentence; null without one.</summary>
    public string? Notice { get; init; }

    /// <summary>The node's blocks that are not told yet; null before the first answer.</summary>
    public ulong? Lag => Head is { } head
        ? head.Number - Math.Min(head.Number, Told?.Number ?? Progress?.Next ?? 0)
        : null;

    /// <summary>The age of the node's newest block, to the second.</summary>
    public TimeSpan? AgeOfHead(DateTimeOffset now) => Head is { } head
        ? TimeSpan.FromSeconds(UnixSeconds.From(now).SecondsSince(head.Time))
        : null;
}
