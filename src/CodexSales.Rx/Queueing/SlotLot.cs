using CodexSales.Rx.Tracking;

namespace CodexSales.Rx.Queueing;

/// <summary>
/// The open slots of one request that are on the same terms, in the order in which this host goes through them. It knows which of them
/// wait outside of the queue.
/// </summary>
/// <remarks>
/// A request may have 2^63 − 1 slots: they are drawn one by one as the queue has room, so memory grows with what has happened to
/// slots, not with how many there are. All members cost O(1) or O(log k) for k slots that have come back. Lives on the core scheduler.
/// </remarks>
internal sealed class SlotLot
{
    private readonly long _sequence;
    private readonly ulong _count;
    private readonly Func<ulong, ulong> _indexAt;
    private readonly Func<ulong, ulong> _placeOf;
    private readonly Func<ulong, bool> _isOpen;

    // Places below the cursor were drawn; those that are open and not in the queue are in one of the two sets.
    private readonly SortedSet<ulong> _returned = [];
    private readonly SortedSet<ulong> _seen = [];
    private ulong _cursor;

    private SlotLot(
        SlotTerms terms,
        long sequence,
        ulong count,
        Func<ulong, ulong> indexAt,
        Func<ulong, ulong> placeOf,
        Func<ulong, bool> isOpen)
    {
        Terms = terms;
        (_sequence, _count, _indexAt, _placeOf, _isOpen) = (sequence, count, indexAt, placeOf, isOpen);
    }

    /// <summary>What each of the slots pays and costs.</summary>
    public SlotTerms Terms { get; }

    /// <summary>The index of its one slot, if it is a slot that was freed; null for the slots of a request.</summary>
    public ulong? FreedSlot { get; private init; }

    /// <summary>The indices of its slots that are in the queue. Kept by the queue.</summary>
    public HashSet<ulong> Queued { get; } = [];

    /// <summary>Whether some of its slots outside of the queue are ones that a sale gave up.</summary>
    public bool HasSeen => _seen.Count > 0;

    /// <summary>All slots of a request, in random order.</summary>
    /// <param name="terms">Their terms.</param>
    /// <param name="sequence">The arrival of the request.</param>
    /// <param name="random">Draws the order.</param>
    /// <param name="isOpen">Whether the slot of an index can be filled on these terms now.</param>
    public static SlotLot OfRequest(SlotTerms terms, long sequence, Random random, Func<ulong, bool> isOpen)
    {
        var order = new SlotPermutation(terms.Ask.Slots, random);
        return new SlotLot(terms, sequence, terms.Ask.Slots, place => order[place], order.PlaceOf, isOpen);
    }

    /// <summary>One slot that was freed.</summary>
    public static SlotLot OfFreedSlot(SlotTerms terms, long sequence, ulong slotIndex, Func<ulong, bool> isOpen) =>
        new(terms, sequence, 1, _ => slotIndex, _ => 0, isOpen) { FreedSlot = slotIndex };

    /// <summary>The best slot that is outside of the queue, or null when there is none. Unseen ones come first.</summary>
    public OpenSlot? Peek()
    {
        if (FirstOpen(_returned) is { } returned)
        {
            return At(returned, isSeen: false);
        }

        while (_cursor < _count && !_isOpen(_indexAt(_cursor)))
        {
            _cursor++;
        }

        return _cursor < _count ? At(_cursor, isSeen: false)
            : FirstOpen(_seen) is { } seen ? At(seen, isSeen: true)
            : null;
    }

    /// <summary>The slot that <see cref="Peek"/> gave goes into the queue.</summary>
    public void Draw(OpenSlot slot)
    {
        var place = slot.Arrival.Ordinal;
        if (place == _cursor && !slot.IsSeen)
        {
            _cursor++;
        }
        else if (!(slot.IsSeen ? _seen : _returned).Remove(place))
        {
            throw new InvalidOperationException($"Slot {slot} was not outside of the queue.");
        }
    }

    /// <summary>A slot comes back, from the queue or from a sale, and waits outside of the queue.</summary>
    public void PutBack(ulong slotIndex, bool isSeen)
    {
        var place = _placeOf(slotIndex);
        (isSeen ? _returned : _seen).Remove(place);
        if (place < _cursor)
        {
            (isSeen ? _seen : _returned).Add(place);
        }
    }

    /// <summary>Slots that a sale gave up are as good as new again.</summary>
    public void ForgetSeen()
    {
        _returned.UnionWith(_seen);
        _seen.Clear();
    }

    private OpenSlot At(ulong place, bool isSeen) =>
        new(Terms, _indexAt(place), new SlotArrival(_sequence, place), isSeen);

    // Slots that were filled meanwhile leave the set when they are come across.
    private ulong? FirstOpen(SortedSet<ulong> places)
    {
        while (places.Count > 0)
        {
            var first = places.Min;
            if (_isOpen(_indexAt(first)))
            {
                return first;
            }

            places.Remove(first);
        }

        return null;
    }
}
