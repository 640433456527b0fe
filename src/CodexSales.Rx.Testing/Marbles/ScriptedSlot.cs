namespace CodexSales.Rx.Testing.Marbles;

internal sealed class ScriptedRequest(StorageRequest request, UnixSeconds requestedAt)
{
    private readonly SortedDictionary<ulong, ScriptedSlot> _slots = [];

    public StorageRequest Request => request;

    public UnixSeconds ExpiresAt { get; } = requestedAt.Plus(request.ExpirySeconds);

    public UnixSeconds EndsAt { get; } = requestedAt.Plus(request.Ask.DurationSeconds);

    public bool IsStarted { get; set; }

    public bool IsFailed { get; set; }

    public IEnumerable<KeyValuePair<ulong, ScriptedSlot>> Slots => _slots;

    public bool IsFull => (ulong)_slots.Values.LongCount(slot => slot.Holder != SlotHolder.Nobody) == request.Ask.Slots;

    public ScriptedSlot this[ulong index]
    {
        get
        {
            if (!_slots.TryGetValue(index, out var slot))
            {
                _slots.Add(index, slot = new ScriptedSlot());
            }

            return slot;
        }
    }

    public RequestState StateAt(UnixSeconds now) =>
        IsFailed ? RequestState.Failed
        : IsStarted ? (now > EndsAt ? RequestState.Finished : RequestState.Started)
        : now > ExpiresAt ? RequestState.Cancelled
        : RequestState.New;
}

/// <summary>A slot, as the scripted contract knows it.</summary>
internal sealed class ScriptedSlot
{
    public SlotHolder Holder { get; set; }

    public SlotHolder HeldBefore { get; set; }

    public bool WasFilled { get; set; }

    public UnixSeconds FilledAt { get; set; }

    public ulong ProvedPeriod { get; set; }

    public ulong MissedProofs { get; set; }

    /// <summary>When a script lets it finish, whatever its request does; null when it goes by its request.</summary>
    public DateTimeOffset? FinishesAt { get; set; }

    public bool IsPaid { get; set; }

    /// <summary>True once it is off our list, though nothing was paid for it.</summary>
    public bool IsWrittenOff { get; set; }

    public bool IsReservedByUs { get; set; }

    public bool IsFullyReserved { get; set; }

    public SlotState StateAt(RequestState request, DateTimeOffset now) =>
        IsPaid ? SlotState.Paid
        : request == RequestState.Failed ? SlotState.Failed
        : !WasFilled ? SlotState.Free
        : request == RequestState.Cancelled ? SlotState.Cancelled
        : request == RequestState.Finished || FinishesAt <= now ? SlotState.Finished
        : Holder == SlotHolder.Nobody ? SlotState.Repair
        : SlotState.Filled;
}

internal enum SlotHolder
{
    Nobody,
    Us,
    Another,
}
