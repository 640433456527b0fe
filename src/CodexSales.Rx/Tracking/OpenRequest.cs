using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Tracking;

/// <summary>A request that is known, and what has happened to its slots so far. Lives on the core scheduler.</summary>
internal sealed class OpenRequest
{
    // Most requests wait untouched: they share one.
    private static readonly Dictionary<ulong, SlotRecord> Untouched = [];

    private Dictionary<ulong, SlotRecord> _slots = Untouched;
    private readonly IReadOnlySet<SlotKey> _active;
    private readonly Func<SlotLot, ulong, bool> _isOpenIn;

    /// <param name="terms">What its slots pay and cost.</param>
    /// <param name="sequence">When it arrived, compared with others.</param>
    /// <param name="random">Draws the order in which this host goes through its slots.</param>
    /// <param name="active">The slots that a sale of ours works on.</param>
    public OpenRequest(SlotTerms terms, long sequence, Random random, IReadOnlySet<SlotKey> active)
    {
        _active = active;
        Sequence = sequence;
        _isOpenIn = IsOpenIn;
        NeverFilled = SlotLot.OfRequest(terms, sequence, random, _isOpenIn);
    }

    public RequestId RequestId => Terms.RequestId;

    /// <summary>When it arrived, compared with others.</summary>
    public long Sequence { get; }

    /// <summary>The slots that nobody has filled yet.</summary>
    public SlotLot NeverFilled { get; }

    public SlotTerms Terms => NeverFilled.Terms;

    /// <summary>Whether all slots were filled in time.</summary>
    public bool IsStarted { get; set; }

    /// <summary>Since when nothing of it can be filled any more, and why; null while something can.</summary>
    public (UnixSeconds Since, QueueCause Cause)? Over { get; set; }

    /// <summary>The last moment at which some slot of it may be filled, if nothing else happens to it.</summary>
    public UnixSeconds LastMoment => IsStarted ? Terms.EndsAt : Terms.ExpiresAt;

    /// <summary>When it is to be looked at next: at its expiry, its end, or when it may be forgotten.</summary>
    public UnixSeconds Deadline { get; set; }

    /// <summary>How many of its slots something has happened to.</summary>
    public int TouchedSlots => _slots.Count;

    /// <summary>The lots that may have open slots.</summary>
    public IEnumerable<SlotLot> Lots => Over is not null ? []
        : (IsStarted ? [] : new[] { NeverFilled }).Concat(_slots.Values.Select(slot => slot.Repair).OfType<SlotLot>());

    /// <summary>What has happened to a slot, or null when nothing has.</summary>
    public SlotRecord? Find(ulong slotIndex) => _slots.GetValueOrDefault(slotIndex);

    /// <summary>The record of a slot, made when there is none.</summary>
    public SlotRecord Touch(ulong slotIndex)
    {
        if (!_slots.TryGetValue(slotIndex, out var slot))
        {
            _slots = ReferenceEquals(_slots, Untouched) ? [] : _slots;
            _slots.Add(slotIndex, slot = new SlotRecord());
        }

        return slot;
    }

    /// <summary>The lot that a slot belongs to now.</summary>
    public SlotLot LotOf(ulong slotIndex) => Find(slotIndex)?.Repair ?? NeverFilled;

    /// <summary>A slot lost its host: it is a lot of its own, on terms of its own.</summary>
    public SlotLot Free(ulong slotIndex, SlotTerms terms, long sequence)
    {
        var lot = SlotLot.OfFreedSlot(terms, sequence, slotIndex, _isOpenIn);
        Touch(slotIndex).AddRepair(lot);
        return lot;
    }

    /// <summary>Whether a new sale may fill a slot now, on the terms of the lot that it belongs to.</summary>
    public bool IsOpen(ulong slotIndex) => IsOpenIn(LotOf(slotIndex), slotIndex);

    /// <summary>How many of its slots a new sale may fill now. O(slots that something has happened to).</summary>
    public UInt128 CountOpenSlots()
    {
        if (Over is not null)
        {
            return 0;
        }

        var open = (UInt128)_slots.LongCount(slot => slot.Value.Repair is not null && IsOpen(slot.Key));
        return IsStarted ? open : open + NeverFilled.Terms.Ask.Slots - CountNotNew();
    }

    // Of the slots as they came: those that have changed hands, and those that a sale of ours works on.
    private UInt128 CountNotNew() => (UInt128)_slots.LongCount(slot => !IsOpenIn(NeverFilled, slot.Key))
        + (UInt128)_active.LongCount(slot => slot.RequestId == RequestId && !_slots.ContainsKey(slot.SlotIndex));

    private bool IsOpenIn(SlotLot lot, ulong slotIndex) =>
        Over is null
        && !(IsStarted && lot == NeverFilled)
        && (Find(slotIndex) is { } slot ? slot.IsFree && (slot.Repair ?? NeverFilled) == lot : lot == NeverFilled)
        && (_active.Count == 0 || !_active.Contains(new SlotKey(RequestId, slotIndex)));
}
