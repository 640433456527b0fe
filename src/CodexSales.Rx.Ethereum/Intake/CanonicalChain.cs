namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The chain as it was told: its newest blocks one by one, and below them anchors, each with all events since
/// the one before. Reorganisations may go back to the oldest kept block: for days or for hours, at the price of some
/// thousands of events.</summary>
internal sealed class CanonicalChain
{
    /// <summary>The number of newest blocks that are kept one by one.</summary>
    public const ulong Newest = 1_024;

    /// <summary>The blocks between two anchors, where no more were read at once.</summary>
    public const ulong Spacing = 256;

    public const int MostAnchors = 100;

    /// <summary>The blocks between the oldest anchor and the tip.</summary>
    public const ulong Depth = Spacing * MostAnchors;

    private readonly List<CanonicalBlock> _kept = [];
    private int _anchors;

    public bool IsEmpty => _kept.Count == 0;

    /// <summary>The kept blocks, the oldest first.</summary>
    public IReadOnlyList<CanonicalBlock> Kept => _kept;

    public CanonicalBlock Tip => _kept[^1];

    /// <summary>The oldest kept block, which can't be taken back any more.</summary>
    public CanonicalBlock Lowest => _kept[0];

    /// <summary>The block of a height, or null where it is not kept.</summary>
    public CanonicalBlock? Find(ulong number) => PlaceOf(number) is var place && place < _kept.Count
        && _kept[place].Number == number ? _kept[place] : null;

    /// <summary>The last block of the row with which the block of a height, not above the tip, was told.</summary>
    public CanonicalBlock RowOf(ulong number) => _kept[PlaceOf(number)];

    public bool Has(ulong number, Bytes32 hash) => Find(number)?.Hash == hash;

    /// <summary>The kept events above one height and up to another.</summary>
    public IEnumerable<MarketEvent> EventsIn(ulong above, ulong to)
    {
        var last = Math.Min(PlaceOf(to), _kept.Count - 1);
        return Enumerable.Range(0, last + 1)
            .Skip(PlaceOf(above + 1))
            .SelectMany(place => _kept[place].Events)
            .Where(happened => happened.Block.Number > above && happened.Block.Number <= to);
    }

    /// <summary>Adds a block above the tip: its child, or the last one of a row that was read at once.</summary>
    public void Push(CanonicalBlock block)
    {
        _kept.Add(block);
        while (_anchors < _kept.Count - 1 && _kept[_anchors].Number + Newest <= block.Number)
        {
            AddAnchor();
        }

        while (_anchors > MostAnchors || (_anchors > 1 && _kept[1].Number + Depth <= block.Number))
        {
            _kept.RemoveAt(0);
            _kept[0] = _kept[0] with { Events = [] };
            _anchors--;
        }
    }

    public CanonicalBlock Pop()
    {
        var tip = Tip;
        _kept.RemoveAt(_kept.Count - 1);
        _anchors = Math.Min(_anchors, _kept.Count);
        return tip;
    }

    // The oldest of the newest blocks becomes the newest anchor, in place of the one before when that one is near.
    private void AddAnchor()
    {
        var (block, last) = (_kept[_anchors], _anchors - 1);
        if (_anchors < 2 || block.Number - _kept[_anchors - 2].Number > Spacing)
        {
            _anchors++;
            return;
        }

        _kept[_anchors] = block with { Events = [.. _kept[last].Events, .. block.Events] };
        _kept.RemoveAt(last);
    }

    // The place of the first block that is not below a height.
    private int PlaceOf(ulong number)
    {
        var (low, high) = (0, _kept.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _kept[middle].Number < number ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
