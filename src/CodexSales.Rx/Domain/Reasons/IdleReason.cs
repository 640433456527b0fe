namespace CodexSales.Rx.Domain.Reasons;

/// <summary>The reasons for idle workers.</summary>
public enum IdleReason
{
    /// <summary>Nothing is in the queue.</summary>
    QueueIsEmpty,

    /// <summary>
    /// Sales of all that is in the queue ended for want of space or collateral: they wait until an availability
    /// changes.
    /// </summary>
    OnlyDeferredSlots,

    /// <summary>New sales are paused.</summary>
    Paused,

    /// <summary>No worker may be busy: the limit is 0.</summary>
    NoWorkers,

    /// <summary>The events of the past are still being told: the best slot is not known yet.</summary>
    PastIsBeingTold,

    /// <summary>Proofs of hosted slots were missed: prover and transactions are left to them for three periods.</summary>
    ProofsAreMissed,

    /// <summary>
    /// Sending transactions, storing or proving has failed again and again; one sale at a time finds out whether it works
    /// again.
    /// </summary>
    PortsFail,

    /// <summary>As many slots are hosted as can be proved in a period, by how long proofs take.</summary>
    ProofsTakeTooLong,

    /// <summary>The host app has a reason of its own: <c>WorkerStatus.HeldBecause</c>.</summary>
    Held,
}
