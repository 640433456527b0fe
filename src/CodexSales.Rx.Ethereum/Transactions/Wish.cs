namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A transaction that is wanted and has no nonce yet, and whoever waits until it has one.</summary>
/// <param name="intent">The transaction.</param>
/// <param name="deadline">The end of all tries: the time since the manager was made.</param>
/// <param name="cancellation">Gives it up, as long as it has no nonce.</param>
internal sealed class Wish(TransactionIntent intent, TimeSpan deadline, CancellationToken cancellation)
{
    private const int LongestPauseSeconds = 8;

    /// <summary>A wish of the manager's own: nobody waits for it.</summary>
    public static Wish Own(TransactionIntent intent, TimeSpan deadline) =>
        new(intent, deadline, CancellationToken.None) { IsOwn = true };

    private readonly TaskCompletionSource<Step> _step = new();

    public TransactionIntent Intent => intent;

    public TransactionPurpose Purpose => intent.Purpose;

    public TimeSpan Deadline => deadline;

    public bool IsOwn { get; private init; }

    public bool IsGivenUp => cancellation.IsCancellationRequested;

    /// <summary>When it is tried again: the time since the manager was made.</summary>
    public TimeSpan NotBefore { get; private set; }

    /// <summary>Why it is not sent yet.</summary>
    public string Problem { get; private set; } = "";

    /// <summary>The nonce that it must have, because later ones wait for it; null for any. It is kept free.</summary>
    public ulong? Nonce { get; set; }

    public int Refusals { get; set; }

    /// <summary>The fees that the node found too low; null when it did not.</summary>
    public TransactionFees? TooCheap { get; set; }

    /// <summary>The order of sending, by the cost of delay: a proof costs collateral, the sooner its period ends the
    /// sooner; a fill or a reservation may lose the race for a slot; a payout loses nothing. A missing nonce holds up
    /// all others.</summary>
    public (int Rank, ulong Until) Urgency => Purpose.Kind switch
    {
        TransactionKind.FillNonce => (0, 0),
        TransactionKind.SubmitProof => (0, intent.Until?.Value ?? 0),
        TransactionKind.Approve => (1, 0),
        TransactionKind.FillSlot => (2, 0),
        TransactionKind.ReserveSlot => (3, 0),
        _ => (4, 0),
    };

    private int Failures { get; set; }

    /// <summary>Tries again after a growing pause of at most 8 s; whether that is before the deadline.</summary>
    public bool Postpone(string problem, TimeSpan now)
    {
        Problem = problem;
        NotBefore = now + TimeSpan.FromSeconds(Math.Min(1 << Math.Min(Failures++, 8), LongestPauseSeconds));
        return NotBefore <= deadline;
    }

    public void Repeat(string problem) => (Problem, NotBefore) = (problem, default);

    public void Complete(Step step) => _step.TrySetResult(step);

    /// <summary>Waits until it has a nonce, or won't have one.</summary>
    /// <exception cref="OperationCanceledException">It was given up, or the manager is over.</exception>
    public async Task<Step> WaitAsync(CancellationToken managerIsOver)
    {
        await using var given = cancellation.Register(() => _step.TrySetCanceled(cancellation)).ConfigureAwait(false);
        await using var over = managerIsOver.Register(() => _step.TrySetCanceled(managerIsOver)).ConfigureAwait(false);
        return await _step.Task.ConfigureAwait(false);
    }

    /// <summary>Its result: it is in flight, perhaps since before, or it is not sent.</summary>
    internal readonly record struct Step(OpenTransaction? Open, TransactionReply? Reply = null, bool HasJoined = false);
}
