namespace CodexSales.Rx.Domain.Reasons;

/// <summary>The causes of the queue's changes.</summary>
public enum QueueCause
{
    /// <summary>None: the ordered snapshot that a new subscriber gets first.</summary>
    Snapshot = 0,

    /// <summary>A client's request came in.</summary>
    Requested,

    /// <summary>A slot lost its host and can be filled again.</summary>
    Freed,

    /// <summary>Another host filled the slot.</summary>
    Filled,

    /// <summary>The slot has all the reservations that it may have.</summary>
    ReservationsFull,

    /// <summary>The client took its money back.</summary>
    Cancelled,

    /// <summary>The request lost too many slots.</summary>
    Failed,

    /// <summary>All slots of the request are filled.</summary>
    Fulfilled,

    /// <summary>The time to fill the slot is over.</summary>
    Expired,

    /// <summary>
    /// The queue is full and better slots are in it; or more requests are known than are kept, and this one was the
    /// least useful.
    /// </summary>
    Evicted,

    /// <summary>There is room again for a slot that was evicted, or that had to wait outside.</summary>
    RoomMade,

    /// <summary>A worker took the slot.</summary>
    Taken,

    /// <summary>A sale ended without filling the slot, and it may be tried again.</summary>
    Ignored,

    /// <summary>An availability was added, changed, filled up or freed.</summary>
    AvailabilityChanged,

    /// <summary>
    /// A reorganisation took back the event that had brought or removed the slot; or the chain had stood still, and a block
    /// says that the slot is not over yet.
    /// </summary>
    Reverted,

    /// <summary>
    /// Sale after sale of its request came to nothing: its slots leave for a while, so that workers turn to others, and come
    /// back.
    /// </summary>
    Paused,
}
