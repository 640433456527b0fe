using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Testing;

/// <summary>Says when blocks come and what numbers they have, and lets those land that hold something.</summary>
/// <remarks>
/// Once a record is followed, block numbers are the record's: a transaction of ours lands at once, with the number of
/// the last recorded block and the time of the clock, so that the next recorded block never has to have a smaller
/// number than one of ours.
/// </remarks>
internal sealed class BlockSchedule(
    IScheduler scheduler,
    SimulatedChainOptions options,
    Action<BlockStamp, IReadOnlyList<PendingTransaction>> land) : IDisposable
{
    private readonly UnixSeconds _start = UnixSeconds.From(scheduler.Now);
    private readonly Dictionary<DateTimeOffset, ComingBlock> _coming = [];
    private BlockStamp? _recorded;

    private UnixSeconds Now => UnixSeconds.From(scheduler.Now);

    private ulong BlocksSinceStart => Now.SecondsSince(_start) / options.BlockSeconds;

    /// <summary>The last block up to now, whether it held anything or not.</summary>
    public BlockStamp Newest => _recorded is null
        ? new(options.FirstBlock + BlocksSinceStart, _start.Plus(BlocksSinceStart * options.BlockSeconds))
        : Current;

    /// <summary>The block that comes next, as of now.</summary>
    public BlockStamp Pending => _recorded is null
        ? new(options.FirstBlock + BlocksSinceStart + 1, Now)
        : Current;

    // A recorded block may be ahead of a clock that is paced, and time on a chain never goes back.
    private BlockStamp Current => _recorded is { } last
        ? last with { Time = last.Time > Now ? last.Time : Now }
        : Newest;

    /// <summary>Puts a transaction into the first block after it has reached the chain.</summary>
    public void Add(PendingTransaction transaction, TimeSpan latency)
    {
        var arrival = scheduler.Now + latency;
        BlockAt(_recorded is null ? FirstBlockAfter(UnixSeconds.From(arrival)) : arrival).Transactions.Add(transaction);
    }

    /// <summary>Lets the first block after a moment land, also when it is empty.</summary>
    public void EnsureBlockAfter(UnixSeconds moment) => BlockAt(FirstBlockAfter(moment));

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
        return isNew;
    }

    /// <summary>Cancels all timers.</summary>
    public void Dispose()
    {
        foreach (var block in _coming.Values)
        {
            block.Timer?.Dispose();
        }

        _coming.Clear();
    }

    private DateTimeOffset FirstBlockAfter(UnixSeconds moment)
    {
        var number = (moment.SecondsSince(_start) / options.BlockSeconds) + 1;
        return DateTimeOffset.FromUnixTimeSeconds((long)_start.Plus(number * options.BlockSeconds).Value);
    }

    private ComingBlock BlockAt(DateTimeOffset due)
    {
        if (!_coming.TryGetValue(due, out var block))
        {
            _coming.Add(due, block = new ComingBlock());
            block.Timer = scheduler.Schedule(due, () => Land(due));
        }

        return block;
    }

    private void Land(DateTimeOffset due)
    {
        _coming.Remove(due, out var block);
        land(Current, block!.Transactions);
    }

    private sealed class ComingBlock
    {
        public List<PendingTransaction> Transactions { get; } = [];

        public IDisposable? Timer { get; set; }
    }
}
