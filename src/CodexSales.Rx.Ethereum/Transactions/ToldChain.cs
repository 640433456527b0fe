namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What the manager was told of the chain. Threading: any thread.</summary>
internal sealed class ToldChain
{
    private const int MeasuredBlocks = 32;

    private readonly Lock _gate = new();
    private readonly Queue<ulong> _secondsOfBlocks = new(MeasuredBlocks);
    private BlockStamp? _head;
    private BlockStamp? _final;
    private BlockStamp? _found;
    private ulong? _replacedFrom;

    /// <summary>The newest block that was told.</summary>
    public BlockStamp? Head
    {
        get
        {
            lock (_gate)
            {
                return _head;
            }
        }
    }

    /// <summary>The newest block that was told to stay for good.</summary>
    public BlockStamp? Final
    {
        get
        {
            lock (_gate)
            {
                return _final;
            }
        }
    }

    /// <summary>The newest block that was told, or that was found before it was told.</summary>
    public BlockStamp? Newest
    {
        get
        {
            lock (_gate)
            {
                return _found?.Number > (_head?.Number ?? 0) ? _found : _head;
            }
        }
    }

    /// <summary>
    /// The soonest time of the next block, by the quickest of the last ones; null before the first one.
    /// </summary>
    public UnixSeconds? Next
    {
        get
        {
            lock (_gate)
            {
                return _head?.Time.Plus(_secondsOfBlocks.DefaultIfEmpty().Min());
            }
        }
    }

    public void TellHead(BlockStamp head)
    {
        lock (_gate)
        {
            Measure(head);

            // Blocks above the one that is told now, and perhaps that one, are no more.
            if (head.Number <= _head?.Number)
            {
                _replacedFrom = Math.Min(_replacedFrom ?? head.Number, head.Number);
                _found = null;
            }

            _head = head;
        }
    }

    private void Measure(BlockStamp head)
    {
        if (_head is { } before && head.Number > before.Number)
        {
            if (_secondsOfBlocks.Count == MeasuredBlocks)
            {
                _secondsOfBlocks.Dequeue();
            }

            _secondsOfBlocks.Enqueue(head.Time.SecondsSince(before.Time) / (head.Number - before.Number));
        }
    }

    public void TellFinal(BlockStamp final)
    {
        lock (_gate)
        {
            _final = final;
        }
    }

    /// <summary>A block was found that holds a transaction.</summary>
    public void Find(BlockStamp block)
    {
        lock (_gate)
        {
            _found = block;
        }
    }

    /// <summary>The lowest block that may have been replaced since this was asked last; null when none was.</summary>
    public ulong? TakeReplaced()
    {
        lock (_gate)
        {
            var from = _replacedFrom;
            _replacedFrom = null;
            return from;
        }
    }
}
