namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>How the reading of events stands.</summary>
/// <param name="Endpoint">The node that is asked, by a name without secrets.</param>
/// <param name="Reconnects">How often a connection was made after the first one.</param>
/// <param name="Head">The newest block that the node told of; null before the first answer.</param>
/// <param name="Told">The newest block whose events were told; null before the first one.</param>
/// <param name="Progress">How far the past was read; null when that is not going on.</param>
/// <param name="Undecodable">
/// How many logs of the contract could not be decoded. Another contract, if it is not 0.
/// </param>
/// <param name="Problem">What keeps the events from being up to date, as one sentence; null when nothing does.</param>
public sealed record IntakeHealth(
    string Endpoint,
    long Reconnects,
    BlockStamp? Head,
    BlockStamp? Told,
    IntakeProgress? Progress,
    long Undecodable,
    string? Problem)
{
    /// <summary>
    /// What of the past can't be read from any node that was asked, as a sentence or two; null when nothing is missing. Events
    /// are up to date all the same: it is about requests of that time.
    /// </summary>
    public string? Missing { get; init; }

    /// <summary>
    /// What was found last about nodes and made good, or is of no harm yet, as one sentence; null when nothing was.
    /// </summary>
    public string? Notice { get; init; }

    /// <summary>How many blocks of the node are not told yet; null before the first answer.</summary>
    public ulong? Lag => Head is { } head
        ? head.Number - Math.Min(head.Number, Told?.Number ?? Progress?.Next ?? 0)
        : null;

    /// <summary>How old the newest block of the node is, to the second.</summary>
    /// <param name="now">The moment to count from.</param>
    public TimeSpan? AgeOfHead(DateTimeOffset now) => Head is { } head
        ? TimeSpan.FromSeconds(Domain.UnixSeconds.From(now).SecondsSince(head.Time))
        : null;
}
