namespace CodexSales.Rx.Resilience;

/// <summary>How long a sale waits for others, and how it tries again.</summary>
/// <remarks>All times are the scheduler's. A stage past its deadline ends the sale and frees the worker.</remarks>
public sealed record SellingOptions
{
    /// <summary>The longest that preparing, and then reserving, may take.</summary>
    /// <value>10 minutes by default; more than 0.</value>
    public TimeSpan ReserveDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest that storing a slot's data may take in all.</summary>
    /// <value>24 hours by default; more than 0.</value>
    public TimeSpan DownloadDeadline { get; set; } = TimeSpan.FromHours(24);

    /// <summary>The longest that storing a slot's data may go on without one more byte.</summary>
    /// <value>10 minutes by default; more than 0.</value>
    public TimeSpan DownloadStallDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest that making the proof that fills a slot may take, once its challenge is known.</summary>
    /// <value>30 minutes by default; more than 0.</value>
    public TimeSpan ProveDeadline { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The longest to wait for a transaction, such as the one that fills a slot, before it counts as in doubt; then the
    /// chain is asked what came of it.
    /// </summary>
    /// <value>10 minutes by default; more than 0.</value>
    public TimeSpan TransactionDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest wait for the market's answer to a question, before it is asked again.</summary>
    /// <value>1 minute by default; more than 0.</value>
    public TimeSpan AnswerDeadline { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait for storage to keep or delete data, before it is asked again.</summary>
    /// <value>10 minutes by default; more than 0.</value>
    public TimeSpan StorageDeadline { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait before the first repetition of a failed call, but for downloads, which are not repeated. Doubles with each further one.</summary>
    /// <value>1 second by default; more than 0.</value>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest to wait between repetitions.</summary>
    /// <value>1 minute by default; at least <see cref="FirstRetryDelay"/>.</value>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many proofs are made at once; more wait for their turn, and their period may end meanwhile.</summary>
    /// <value>8 by default; at least 1.</value>
    public int MaxProofsAtOnce { get; set; } = 8;

    /// <summary>
    /// How long a slot waits before it is offered again whose sale came to nothing for a reason that passes: its download failed, the market
    /// did not answer or did not know the request, or the account had too little.
    /// </summary>
    /// <value>5 minutes by default; more than 0.</value>
    public TimeSpan SecondTryPause { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. new[]
        {
            (nameof(ReserveDeadline), ReserveDeadline),
            (nameof(DownloadDeadline), DownloadDeadline),
            (nameof(DownloadStallDeadline), DownloadStallDeadline),
            (nameof(ProveDeadline), ProveDeadline),
            (nameof(TransactionDeadline), TransactionDeadline),
            (nameof(AnswerDeadline), AnswerDeadline),
            (nameof(StorageDeadline), StorageDeadline),
            (nameof(FirstRetryDelay), FirstRetryDelay),
            (nameof(SecondTryPause), SecondTryPause),
        }.SelectMany(span => OptionErrors.Unless(span.Item2 > TimeSpan.Zero, span.Item1, span.Item2, "more than 0")),
        .. OptionErrors.Unless(MaxProofsAtOnce >= 1, nameof(MaxProofsAtOnce), MaxProofsAtOnce, "at least 1"),
        .. OptionErrors.Unless(
            LongestRetryDelay >= FirstRetryDelay, nameof(LongestRetryDelay), LongestRetryDelay, $"at least {FirstRetryDelay}"),
    ];
}
