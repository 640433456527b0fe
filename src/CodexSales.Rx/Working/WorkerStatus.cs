namespace CodexSales.Rx.Working;

/// <summary>What the workers are doing, at one moment.</summary>
/// <param name="Busy">How many of them acquire a slot.</param>
/// <param name="Limit">
/// How many may be busy at once. Fewer than are busy means: no new one starts until enough have finished.
/// </param>
/// <param name="IsPaused">Whether nothing new may start.</param>
/// <param name="Idle">Why a worker that may be busy is not; null when as many are busy as may be.</param>
/// <param name="OldestTicket">
/// When the slot entered the queue whose turn has waited longest, on the scheduler's clock; null when none waits. A
/// moment far in the past while workers are idle means that nothing is sold although something could be.
/// </param>
public sealed record WorkerStatus(int Busy, int Limit, bool IsPaused, IdleReason? Idle, DateTimeOffset? OldestTicket)
{
    /// <summary>The host app's own reason why nothing new may start; null when it has none.</summary>
    public string? HeldBecause { get; init; }
}

/// <summary>Why a worker has nothing to do.</summary>
public enum IdleReason
{
    /// <summary>Nothing is in the queue.</summary>
    QueueIsEmpty,

    /// <summary>
    /// Sales of all that is in the queue ended for want of space or collateral: they wait until an availability
    /// changes.
    /// </summary>
    OnlySeenSlots,

    /// <summary>New sales are paused.</summary>
    Paused,

    /// <summary>No worker may be busy: the limit is 0.</summary>
    NoWorkers,

    /// <summary>The events of the past are still being told: what is best is not known yet.</summary>
    PastIsBeingTold,

    /// <summary>Proofs of hosted slots were missed just now: these get all there is until that is over.</summary>
    ProofsAreMissed,

    /// <summary>
    /// Sending transactions, storing or proving has failed again and again; one sale at a time finds out whether it works
    /// again.
    /// </summary>
    PortsFail,

    /// <summary>As many slots are hosted as can be proved in a period, by how long proofs take.</summary>
    ProofsTakeTooLong,

    /// <summary>The host app has a reason of its own: <see cref="WorkerStatus.HeldBecause"/>.</summary>
    Held,
}
