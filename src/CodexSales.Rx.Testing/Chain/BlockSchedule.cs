namespace CodexSales.Rx.Testing.Chain;

/// <summary>When blocks come and what numbers they have; lets those land that hold something, or all of them.</summary>
/// <remarks>Once a record is followed, block numbers are the record's: a transaction of ours lands at once, in the last
/// recorded block and at the time of the clock, so that no later recorded block has a smaller number.</remarks>
internal sealed class BlockSchedule(
    IScheduler scheduler,
    SimulatedChainOptions options,
    BlockHashes hashes,
    Action<BlockStamp, ComingBlock> land) : IDisposable
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(options.BlockSeconds);
    // A test scheduler that nobody has set stands at year 1: then the chain runs ahead of it by so much.
    private readonly TimeSpan _ahead = AheadOf(scheduler);
    private readonly DateTimeOffset _first = scheduler.Now + AheadOf(scheduler) - options.FirstBlockAge;
    private readonly ChainPace _pace = new(AheadOf(scheduler));

    // Coming blocks by their time on the chain.
    private readonly Dictionary<DateTimeOffset, ComingBlock> _coming = [];
    private readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _order = new();

    // One for all blocks: it is set to the next one.
    private readonly SerialDisposable _timer = new();
    private DateTimeOffset? _timerAt;
    private bool _isAnnouncing;
    private BlockStamp? _recorded;

    public BlockStamp Newest => _recorded is null ? StampOf(IndexAt(ChainTime)) : Current;

    /// <summary>The next block, as nodes see it: at the clock's time, even if the chain is behind it.</summary>
    public BlockStamp Pending => _recorded is null
        ? new(Newest.Number + 1, UnixSeconds.From(Clock))
        : Current;

    public bool IsRecord => _recorded is not null;

    public bool IsQuiet => _coming.Count == 0;

    public int TimerCount => _timerAt is null ? 0 : 1;

    public DateTimeOffset Clock => scheduler.Now + _ahead;

    private DateTimeOffset ChainTime => _pace.ChainTimeAt(scheduler.Now);

    // A recorded block may be ahead of a clock that is paced, and time on a chain never goes back.
    private BlockStamp Current => _recorded is { } last && UnixSeconds.From(ChainTime) is var now
        ? last with { Time = last.Time > now ? last.Time : now }
        : Newest;

    public BlockStamp StampOf(ulong number) => StampOf((long)(number - options.FirstBlock));

    public void Add(PendingTransaction transaction, TimeSpan latency)
    {
        var arrival = _pace.ChainTimeAt(scheduler.Now + latency);
        BlockAt(_recorded is null ? TimeOf(IndexAt(arrival) + 1) : arrival).Transactions.Add(transaction);
    }

    /// <summary>Has the sender of a transaction that lands now told of it so many blocks later.</summary>
    public void Confirm(PendingTransaction transaction, ulong blocks)
    {
        var now = _recorded is null ? TimeOf(IndexAt(ChainTime)) : ChainTime;
        BlockAt(now + (_interval * blocks)).Confirmed.Add((transaction, Newest.Number));
    }

    /// <summary>Lets the next block with a later timestamp land, also when it is empty.</summary>
    public void EnsureBlockAfter(UnixSeconds moment)
    {
        var later = DateTimeOffset.FromUnixTimeSeconds((long)moment.Value + 1);
        BlockAt(TimeOf(Math.Max(IndexAt(later - TimeSpan.FromTicks(1)), IndexAt(ChainTime)) + 1));
    }

    /// <summary>Whether every block is told, also an empty one, or only those with transactions and events.</summary>
    public void AnnounceAll(bool isAnnouncing)
    {
        _isAnnouncing = isAnnouncing;
        SetTimer();
    }

    /// <summary>No block comes for a while, and then they come so many times as fast until all are made up for.</summary>
    public void Halt(TimeSpan span, int speed)
    {
        _pace.Halt(scheduler.Now, span, speed);
        _timerAt = null;
        SetTimer();
    }

    /// <summary>Takes over the number and time of a recorded block. True when it is a new one.</summary>
    /// <exception cref="ArgumentException">The block is older than the last recorded one.</exception>
    public bool Follow(BlockStamp recorded)
    {
        if (_recorded is { } last && (recorded.Number < last.Number || recorded.Time < last.Time))
        {
            throw new ArgumentException($"Block {recorded} of the record comes after block {last}.", nameof(recorded));
        }

        var isNew = _recorded?.Number != recorded.Number;
        _recorded = recorded;
        SetTimer();
        return isNew;
    }

    public void Dispose()
    {
        _timer.Dispose();
        _timerAt = null;
        _coming.Clear();
        _order.Clear();
        _isAnnouncing = false;
    }

    private static TimeSpan AheadOf(IScheduler scheduler) =>
        scheduler.Now < DateTimeOffset.UnixEpoch.AddYears(1) ? VirtualTime.Start - scheduler.Now : TimeSpan.Zero;

    private long IndexAt(DateTimeOffset chainTime) => (chainTime - _first).Ticks / _interval.Ticks;

    private DateTimeOffset TimeOf(long index) => _first + TimeSpan.FromTicks(_interval.Ticks * index);

    private BlockStamp StampOf(long index)
    {
        var number = options.FirstBlock + (ulong)index;
        return new BlockStamp(number, UnixSeconds.From(TimeOf(index))) { Hash = hashes.Of(number) };
    }

    private ComingBlock BlockAt(DateTimeOffset chainTime)
    {
        if (!_coming.TryGetValue(chainTime, out var block))
        {
            _coming.Add(chainTime, block = new ComingBlock());
            _order.Enqueue(chainTime, chainTime);
            SetTimer();
        }

        return block;
    }

    private void SetTimer()
    {
        var next = FindNext();
        if (next == _timerAt)
        {
            return;
        }

        _timerAt = next;
        _timer.Disposable = next is { } chainTime
            ? scheduler.Schedule(chainTime, _pace.MomentOf(chainTime) - scheduler.Now, (_, at) => Land(at)) // As in RpcGate: by its length.
            : Disposable.Empty;
    }

    private DateTimeOffset? FindNext()
    {
        var content = _order.TryPeek(out var first, out _) ? first : default(DateTimeOffset?);
        if (!_isAnnouncing)
        {
            return content;
        }

        // A record leaves out blocks that hold nothing: of these, one is made up for each period.
        var announced = _recorded is null ? TimeOf(IndexAt(ChainTime) + 1) : NextPeriod;
        return content < announced ? content : announced;
    }

    private DateTimeOffset NextPeriod => DateTimeOffset.FromUnixTimeSeconds((long)(
        ((UnixSeconds.From(ChainTime).Value / options.Rules.ProofPeriodSeconds) + 1) * options.Rules.ProofPeriodSeconds));

    private IDisposable Land(DateTimeOffset chainTime)
    {
        _timerAt = null;
        if (_coming.Remove(chainTime, out var block))
        {
            _order.Dequeue();
        }

        land(_recorded is null ? StampOf(IndexAt(chainTime)) : Current, block ?? ComingBlock.Empty);
        SetTimer();
        return Disposable.Empty;
    }
}
