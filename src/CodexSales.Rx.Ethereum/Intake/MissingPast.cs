namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The past that no node gave: everything before some block, and rows of blocks after it.</summary>
internal sealed class MissingPast
{
    // More rows than these run together.
    private const int MostRows = 8;

    private readonly List<(ulong From, ulong To)> _rows = [];
    private string? _before;

    /// <summary>All of it in a sentence or two; null when nothing is missing.</summary>
    public string? Sentences => (_before, Rows) is ({ } one, { } other) ? $"{one} {other}" : _before ?? Rows;

    private string? Rows => _rows.Count == 0
        ? null
        : "Some of what happened in the blocks "
            + string.Join(" and ", _rows.Select(row => $"{row.From} to {row.To}"))
            + " is not known: the node dropped them before they were read again.";

    /// <summary>Notes, in a sentence, that nothing is known of the time before the first block.</summary>
    public void Before(string sentence) => _before = sentence;

    /// <summary>Notes that the node dropped blocks that were read once, or never.</summary>
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

    /// <summary>Forgets the blocks above a height: a reorganisation replaced them by unread ones.</summary>
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
