namespace CodexSales.Rx.Requests;

/// <summary>A request that is known, and what has happened to its slots so far. Lives on the core scheduler.</summary>
internal sealed class TrackedRequest
{
    // Most requests wait untouched: they share one.
    private static readonly Dictionary<ulong, TrackedSlot> Untouched = [];

    private Dictionary<ulong, TrackedSlot> _slots = Untouched;
    private readonly SlotsByRequest _active; // A change of these is an edit.
    private readonly Func<SlotGroup, ulong, bool> _isOpenIn;
    private SlotGroup? _freedLast;

    // Of the slots as they came: those that have changed hands, and those that a sale of ours works on.
    private UInt128 _notNew;
    private UInt128 _openRepairs;

    public TrackedRequest(SlotTerms terms, long sequence, Random random, SlotsByRequest active)
    {
        _active = active;
        _isOpenIn = IsOpenIn;
        Sequence = sequence;
        NeverFilled = SlotGroup.OfRequest(terms, sequence, random, _isOpenIn);
        foreach (var slotIndex in active.Of(terms.RequestId))
        {
            Count(slotIndex, isAdded: true);
        }
    }

    public RequestId RequestId => Terms.RequestId;

    /// <summary>When it arrived, compared with others.</summary>
    public long Sequence { get; }

    /// <summary>The slots that nobody has filled yet.</summary>
    public SlotGroup NeverFilled { get; }

    public SlotTerms Terms => NeverFilled.Terms;

    /// <summary>Whether all slots were filled in time.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Since when nothing of it can be filled any more, and why; null while something can.</summary>
    public (UnixSeconds Since, QueueCause Cause)? Over { get; set; }

    /// <summary>The number of sales of its slots in a row that came to nothing, and not because of other hosts.</summary>
    public int FailedSales { get; set; }

    /// <summary>Whether the slots that nobody has filled yet wait until workers have turned to others.</summary>
    public bool IsPaused { get; set; }

    /// <summary>The last moment at which some slot of it may be filled, if nothing else happens to it.</summary>
    public UnixSeconds LastMoment => IsStarted ? Terms.EndsAt : Terms.ExpiresAt;

    /// <summary>When time does the next thing to it, whichever that is: it expires, it ends, or it is forgotten.</summary>
    public UnixSeconds DueAt { get; set; }

    /// <summary>The number of its groups that some availability takes.</summary>
    public int TakenGroups { get; set; }

    /// <summary>The number of its slots that a new sale may fill now.</summary>
    public UInt128 OpenSlots => Over is not null ? 0 : _openRepairs + (IsStarted ? 0 : Terms.Ask.Slots - _notNew);

    /// <summary>The part of that which is counted among the slots of all requests.</summary>
    public UInt128 CountedSlots { get; set; }

    /// <summary>The worth of remembering it.</summary>
    public Usefulness Usefulness => new(
        Over is not null ? RequestUse.Over
            : OpenSlots == 0 ? RequestUse.NothingOpen
            : TakenGroups == 0 ? RequestUse.NotTaken
            : RequestUse.ForSale,
        Over?.Since ?? default,
        (IsStarted ? _freedLast ?? NeverFilled : NeverFilled).Terms.Reward,
        Sequence);

    /// <summary>Its place among those that may give way; null when it is not one of them.</summary>
    public Usefulness? Standing { get; set; }

    /// <summary>The number of its slots that something has happened to.</summary>
    public int TouchedSlots => _slots.Count;

    /// <summary>The groups that may have open slots. One slot that was freed and is filled again has none.</summary>
    public IEnumerable<SlotGroup> OpenGroups => Over is not null ? []
        : (IsStarted || IsPaused ? [] : new[] { NeverFilled })
            .Concat(_slots.Values.Where(slot => !slot.IsFilled).Select(slot => slot.Repair).OfType<SlotGroup>());

    /// <summary>Those groups' terms, with how many of their slots are open.</summary>
    public IEnumerable<(SlotTerms Terms, UInt128 Slots)> OpenOffers => OpenGroups
        .Select(group => (group.Terms, group.Terms.IsRepair ? UInt128.One : OpenSlots - _openRepairs));

    public TrackedSlot? Find(ulong slotIndex) => _slots.GetValueOrDefault(slotIndex);

    /// <summary>The record of a slot, made when there is none.</summary>
    public TrackedSlot Touch(ulong slotIndex)
    {
        if (!_slots.TryGetValue(slotIndex, out var slot))
        {
            _slots = ReferenceEquals(_slots, Untouched) ? [] : _slots;
            _slots.Add(slotIndex, slot = new TrackedSlot());
        }

        return slot;
    }

    /// <summary>Something happens to a slot that may open or close it.</summary>
    public void Edit(ulong slotIndex, Action<TrackedSlot> edit)
    {
        var slot = Touch(slotIndex);
        Count(slotIndex, isAdded: false);
        edit(slot);
        Count(slotIndex, isAdded: true);
    }

    /// <summary>A sale of ours begins to work on a slot.</summary>
    public void Activate(ulong slotIndex)
    {
        Count(slotIndex, isAdded: false);
        _active.Add(new SlotKey(RequestId, slotIndex));
        Count(slotIndex, isAdded: true);
    }

    public SlotGroup GroupOf(ulong slotIndex) => Find(slotIndex)?.Repair ?? NeverFilled;

    /// <summary>A slot lost its host: it is a group of its own, on terms of its own.</summary>
    public SlotGroup Free(ulong slotIndex, SlotTerms terms, long sequence)
    {
        var group = _freedLast = SlotGroup.OfFreedSlot(terms, sequence, slotIndex, _isOpenIn);
        Edit(slotIndex, slot => slot.AddRepair(group));
        return group;
    }

    /// <summary>Whether a new sale may fill a slot now, on the terms of the group that it belongs to.</summary>
    public bool IsOpen(ulong slotIndex) => IsOpenIn(GroupOf(slotIndex), slotIndex);

    private void Count(ulong slotIndex, bool isAdded)
    {
        var slot = Find(slotIndex);
        var isFree = slot is not { IsFree: false } && !_active.Contains(RequestId, slotIndex);
        var (openRepair, notNew) = slot?.Repair is null ? (0U, isFree ? 0U : 1U) : (isFree ? 1U : 0U, 1U);
        (_openRepairs, _notNew) = isAdded
            ? (_openRepairs + openRepair, _notNew + notNew)
            : (_openRepairs - openRepair, _notNew - notNew);
    }

    private bool IsOpenIn(SlotGroup group, ulong slotIndex) =>
        Over is null
        && !(IsStarted && group == NeverFilled)
        && (Find(slotIndex) is { } slot ? slot.IsFree && (slot.Repair ?? NeverFilled) == group : group == NeverFilled)
        && !_active.Contains(RequestId, slotIndex);
}
