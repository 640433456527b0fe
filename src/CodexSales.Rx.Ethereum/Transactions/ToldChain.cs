namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The chain as the manager of transactions was told of it. Threading: any thread.</summary>
internal sealed class ToldChain
{
    private const int MeasuredBlocks = 32;

    private readonly Lock _gate = new();
    private readonly Queue<ulong> _secondsOfBlocks = new(MeasuredBlocks);
    private BlockStamp? _head;
    private BlockStamp? _final;
    private BlockStamp? _found;
    private ulong? _replacedFrom;

    public BlockStamp? Head => Read(() => _head);

    public BlockStamp? Final => Read(() => _final);

    /// <summary>The newest block that was told, or found by a receipt before it was told.</summary>
    public BlockStamp? Newest => Read(() => _found?.Number > (_head?.Number ?? 0) ? _found : _head);

    /// <summary>The soonest time of the next block, by the quickest of the last ones; null before the first.</summary>
    public UnixSeconds? Next => Read(() => _head?.Time.Plus(_secondsOfBlocks.DefaultIfEmpty().Min()));

    public void TellHead(BlockStamp head)
    {
        lock (_gate)
        {
            if (_head is { } before && head.Number > before.Number)
            {
                _secondsOfBlocks.Enqueue(head.Time.SecondsSince(before.Time) / (head.Number - before.Number));
                if (_secondsOfBlocks.Count > MeasuredBlocks)
                {
                    _secondsOfBlocks.Dequeue();
                }
            }

            // Blocks above the one that is told now, and perhaps that one, are no more.
            if (head.Number <= _head?.Number)
            {
                _replacedFrom = Math.Min(_replacedFrom ?? head.Number, head.Number);
                _found = null;
            }

            _head = head;
        }
    }

    public void TellFinal(BlockStamp final) => Read(() => _final = final);

    /// <summary>Notes the block of a receipt.</summary>
    public void Find(BlockStamp block) => Read(() => _found = block);

    /// <summary>The lowest block that may have been replaced since the last call; null when none was.</summary>
    public ulong? TakeReplaced() => Read(() =>
    {
        var from = _replacedFrom;
        _replacedFrom = null;
        return from;
    });

    private T Read<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
