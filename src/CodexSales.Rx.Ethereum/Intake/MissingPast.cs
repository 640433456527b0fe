namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>What of the past no node gave: all before some block, and rows of blocks after it.</summary>
internal sealed class MissingPast
{
    // Rows that are told one by one; more than these run together.
    private const int MostRows = 8;

    private readonly List<(ulong From, ulong To)> _rows = [];
    private string? _before;

    /// <summary>All of it in a sentence or two; null when nothing is missing.</summary>
    public string? Sentences
    {
        get
        {
            var rows = _rows.Count == 0
                ? null
                : $"Some of what happened in the blocks {string.Join(" and ", _rows.Select(row => $"{row.From} to {row.To}"))} "
                    + "is not known: the node dropped them before they were read again.";
            return (_before, rows) is ({ } one, { } other) ? $"{one} {other}" : _before ?? rows;
        }
    }

    /// <summary>Nothing is known of what was before the first block.</summary>
    public void Before(string sentence) => _before = sentence;

    /// <summary>The node dropped blocks that were read once, or never.</summary>
    public void Add(ulong from, ulong to)
    {
        if (from > to)
        {
            return;
        }

        _rows.Add((from, to));
        _rows.Sort();
        for (var i = _rows.Count - 1; i > 0; i--)
        {
            if (_rows[i].From <= _rows[i - 1].To + 1)
            {
                Join(i);
            }
        }

        if (_rows.Count > MostRows)
        {
            Join(1);
        }
    }

    /// <summary>The first row that does not end below a height; null when there is none.</summary>
    public (ulong From, ulong To)? Find(ulong number) =>
        _rows.Where(row => row.To >= number).Cast<(ulong, ulong)?>().FirstOrDefault();

    /// <summary>The blocks above a height are others now, and are still to be read.</summary>
    public void Rewind(ulong number)
    {
        _rows.RemoveAll(row => row.From > number);
        if (_rows.Count > 0 && _rows[^1].To > number)
        {
            _rows[^1] = (_rows[^1].From, number);
        }
    }

    private void Join(int place)
    {
        _rows[place - 1] = (_rows[place - 1].From, Math.Max(_rows[place - 1].To, _rows[place].To));
        _rows.RemoveAt(place);
    }
}
