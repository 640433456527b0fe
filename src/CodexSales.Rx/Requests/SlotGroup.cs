namespace CodexSales.Rx.Requests;

/// <summary>The open slots of one request that are on the same terms, in the order in which this host goes through
/// them. It knows which of them wait outside of the queue.</summary>
/// <remarks>A request may have 2^63 − 1 slots: they are drawn one by one as the queue has room, so memory grows with
/// what has happened to slots, not with how many there are. All members cost O(1); after slots were put back also a
/// scan of the bitmap, 512 ordinals at a step. Lives on the core scheduler.</remarks>
internal sealed class SlotGroup
{
    private readonly long _sequence;
    private readonly SlotPermutation? _order;
    private readonly ulong _onlySlot;
    private readonly Func<SlotGroup, ulong, bool> _isOpen;

    // Places below the cursor were drawn: they are in the queue, in one of the other two sets, or not open.
    private OrdinalBitmap _queued;
    private OrdinalBitmap _returned;
    private OrdinalBitmap _deferred;
    private ulong _cursor;

    private SlotGroup(
        SlotTerms terms, long sequence, SlotPermutation? order, ulong onlySlot, Func<SlotGroup, ulong, bool> isOpen) =>
        (Terms, _sequence, _order, _onlySlot, _isOpen) = (terms, sequence, order, onlySlot, isOpen);

    public SlotTerms Terms { get; }

    /// <summary>The index of its one slot, if it is a slot that was freed; null for the slots of a request.</summary>
    public ulong? FreedSlot => Terms.IsRepair ? _onlySlot : null;

    /// <summary>Whether some of its slots outside of the queue are ones that a sale gave up.</summary>
    public bool HasDeferred => !_deferred.IsEmpty;

    /// <summary>Whether its slots may be queued. Kept by the queue.</summary>
    public bool IsOffered { get; set; }

    /// <summary>The number of the change that opened the group, or a slot of it, last. Kept by the queue.</summary>
    public long OpenedBy { get; set; }

    /// <summary>The best slot outside of the queue, as the queue has noted it. Kept by the queue.</summary>
    public OpenSlot? Waiting { get; set; }

    /// <summary>The indices of its slots that are in the queue, best first. Each may leave as it is told.</summary>
    public IEnumerable<ulong> Queued
    {
        get
        {
            for (var next = _queued.NextFrom(0); next is { } place; next = _queued.NextFrom(place + 1))
            {
                yield return IndexAt(place);
            }
        }
    }

    private ulong Count => _order is null ? 1 : Terms.Ask.Slots;

    /// <summary>All slots of a request, in random order. Whether one can be filled on these terms now, the request says.</summary>
    public static SlotGroup OfRequest(
        SlotTerms terms, long sequence, Random random, Func<SlotGroup, ulong, bool> isOpen) =>
        new(terms, sequence, terms.Ask.Slots == 1 ? null : new SlotPermutation(terms.Ask.Slots, random), 0, isOpen);

    public static SlotGroup OfFreedSlot(
        SlotTerms terms, long sequence, ulong slotIndex, Func<SlotGroup, ulong, bool> isOpen) =>
        new(terms, sequence, null, slotIndex, isOpen);

    /// <summary>The best slot outside of the queue, the deferred ones last; null when there is none.</summary>
    public OpenSlot? Peek()
    {
        if (FirstOpen(ref _returned) is { } returned)
        {
            return At(returned, isDeferred: false);
        }

        while (_cursor < Count && !_isOpen(this, IndexAt(_cursor)))
        {
            _cursor++;
        }

        return _cursor < Count ? At(_cursor, isDeferred: false)
            : FirstOpen(ref _deferred) is { } deferred ? At(deferred, isDeferred: true)
            : null;
    }

    /// <summary>The slot that <see cref="Peek"/> gave goes into the queue.</summary>
    public void Draw(OpenSlot slot)
    {
        var place = slot.Arrival.Ordinal;
        _queued.Add(place);
        if (place == _cursor && !slot.IsDeferred)
        {
            _cursor++;
        }
        else if (!(slot.IsDeferred ? _deferred.Remove(place) : _returned.Remove(place)))
        {
            throw new InvalidOperationException($"Slot {slot} was not outside of the queue.");
        }
    }

    public void Leave(OpenSlot slot) => _queued.Remove(slot.Arrival.Ordinal);

    /// <summary>A slot comes back, from the queue or from a sale, and waits outside of the queue.</summary>
    public void PutBack(ulong slotIndex, bool isDeferred)
    {
        var place = PlaceOf(slotIndex);
        _returned.Remove(place);
        _deferred.Remove(place);
        if (place < _cursor)
        {
            (isDeferred ? ref _deferred : ref _returned).Add(place);
        }
    }

    /// <summary>Slots that a sale gave up are as good as new again.</summary>
    public void ClearDeferred()
    {
        for (var next = _deferred.NextFrom(0); next is { } place; next = _deferred.NextFrom(place + 1))
        {
            _deferred.Remove(place);
            _returned.Add(place);
        }
    }

    private OpenSlot At(ulong place, bool isDeferred) =>
        new(Terms, IndexAt(place), new SlotArrival(_sequence, place), isDeferred) { Group = this };

    private ulong IndexAt(ulong place) => _order is null ? _onlySlot : _order[place];

    private ulong PlaceOf(ulong slotIndex) => _order is null ? 0 : _order.PlaceOf(slotIndex);

    // Slots that were filled meanwhile leave the set when they are come across.
    private ulong? FirstOpen(ref OrdinalBitmap places)
    {
        while (places.NextFrom(0) is { } first)
        {
            if (_isOpen(this, IndexAt(first)))
            {
                return first;
            }

            places.Remove(first);
        }

        return null;
    }
}
