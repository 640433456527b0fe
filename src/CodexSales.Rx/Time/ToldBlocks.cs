using System.Reactive;
using System.Reactive.Subjects;

namespace CodexSales.Rx.Time;

/// <summary>What the market has told of the chain: the newest block, the newest one that stays for good, and up to
/// which block all events are told. Every question to the contract is as of one of these.</summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class ToldBlocks : IDisposable
{
    // Over how many blocks the time of a block is measured.
    private const int MeasuredBlocks = 32;

    // The most blocks behind the newest one at which a block is asked about again.
    private const ulong MostBlocksBehind = 5;

    private BlockStamp[] _last = [];
    private readonly Subject<BlockStamp> _heads = new();
    private readonly Subject<BlockStamp> _finals = new();
    private readonly Subject<BlockStamp> _events = new();
    private readonly Subject<BlockStamp> _looks = new();
    private readonly Subject<ulong> _replaced = new();

    // The block of the newest event.
    private ulong _news;

    // A reference, so that another thread reads all of it or none.
    private volatile Told _head = new(default);

    /// <summary>The newest block; before the first one, block 0 at time 0. From any thread.</summary>
    public BlockStamp Head => _head.Block;

    /// <summary>The newest block that no reorganisation takes back; before the first one, block 0 at time 0.</summary>
    public BlockStamp Final { get; private set; }

    /// <summary>The block up to which all events are told; block 0 at time 0 as long as the past is being told.</summary>
    public BlockStamp EventsUpTo { get; private set; }

    /// <summary>The length of a proof period in seconds.</summary>
    public ulong PeriodSeconds { get; set; } = 1;

    /// <summary>The period in which the newest block lies.</summary>
    public ulong Period => Head.Time.Value / PeriodSeconds;

    /// <summary>How many seconds a block takes on average, by the last ones; 0 as long as that is not known. The
    /// longest one does not count: the chain may have stood still.</summary>
    public double BlockSeconds { get; private set; }

    /// <summary>The fewest seconds that a block took of the last ones, in whole seconds; 0 as long as that is not known.</summary>
    public ulong ShortestBlockSeconds { get; private set; }

    /// <summary>The block as of which to ask again: the same block, because a node that is behind will know it soon.
    /// When it is too old or was replaced, the oldest later block that is neither: most nodes know that one.</summary>
    public BlockStamp AskAgain(BlockStamp asked) => _last.FirstOrDefault(
        block => block.Number >= asked.Number && block.Number + MostBlocksBehind >= Head.Number, Head);

    /// <summary>When hosted slots want to be looked at: now, at the first block of each period, and when blocks were
    /// replaced.</summary>
    public IObservable<BlockStamp> Looks => Observable.Defer(() => _looks.StartWith(Head));

    /// <summary>Blocks were replaced: notifies of the lowest number that another block may have now.</summary>
    public IObservable<ulong> Replaced => _replaced.AsObservable();

    public void TellHead(BlockStamp head)
    {
        var (before, periodBefore) = (Head, Period);
        _head = new Told(head);
        Remember(head, before);
        if (head.Number <= before.Number)
        {
            _news = Math.Min(_news, head.Number);
            _replaced.OnNext(head.Number);
        }

        _heads.OnNext(head);
        if (Period != periodBefore || head.Number <= before.Number)
        {
            _looks.OnNext(head);
        }
    }

    /// <summary>An event is told. Its block may be told later.</summary>
    public void TellEvent(MarketEvent happened)
    {
        if (happened is not Reverted)
        {
            _news = Math.Max(_news, happened.Block.Number);
        }

        if (happened is BlockTold { Block: var block })
        {
            EventsUpTo = block;
            _events.OnNext(block);
        }
    }

    public void TellFinal(BlockStamp final)
    {
        Final = final;
        _finals.OnNext(final);
    }

    /// <summary>Notifies once, as soon as the newest block is at least as high, and completes.</summary>
    public IObservable<Unit> WhenHead(ulong number) =>
        When(_heads, () => Head, head => head.Number >= number);

    /// <summary>Notifies once, as soon as the blocks of all events that were told are told themselves, and completes:
    /// what follows from an event is not asked as of a block before it.</summary>
    public IObservable<Unit> WhenHeadOfNews() => Observable.Defer(() => WhenHead(_news));

    /// <summary>Notifies once, as soon as the newest block is later than a moment, and completes.</summary>
    public IObservable<Unit> WhenHeadPast(UnixSeconds moment) =>
        When(_heads, () => Head, head => head.Time > moment);

    /// <summary>Notifies once, as soon as a block so high stays for good, and completes.</summary>
    public IObservable<Unit> WhenFinal(ulong number) =>
        When(_finals, () => Final, final => final.Number >= number);

    /// <summary>Notifies once, as soon as all events up to a block so high are told, and completes.</summary>
    public IObservable<Unit> WhenEvents(ulong number) =>
        When(_events, () => EventsUpTo, told => told.Number >= number);

    /// <summary>Notifies once, at the first block of the next period that has one, and completes.</summary>
    public IObservable<Unit> WhenPeriodIsOver() => Observable.Defer(() =>
    {
        var period = Period;
        return When(_heads, () => Head, head => head.Time.Value / PeriodSeconds > period);
    });

    public void Dispose()
    {
        _heads.Dispose();
        _finals.Dispose();
        _events.Dispose();
        _looks.Dispose();
        _replaced.Dispose();
    }

    private void Remember(BlockStamp head, BlockStamp before)
    {
        _last = head.Number <= before.Number ? [head] : [.. _last.TakeLast(MeasuredBlocks - 1), head];
        var steps = _last
            .Zip(_last.Skip(1), (one, next) => (Seconds: next.Time.SecondsSince(one.Time), Blocks: next.Number - one.Number))
            .OrderBy(step => step.Seconds / (double)step.Blocks)
            .ToList();
        var usual = steps.Take(Math.Max(1, steps.Count - 1)).ToList();
        BlockSeconds = usual.Count == 0 ? 0 : usual.Sum(step => (double)step.Seconds) / usual.Sum(step => (double)step.Blocks);
        ShortestBlockSeconds = usual.Count == 0 ? 0 : usual[0].Seconds / usual[0].Blocks;
    }

    private static IObservable<Unit> When(
        IObservable<BlockStamp> blocks, Func<BlockStamp> newest, Func<BlockStamp, bool> isFinal) =>
        Observable.Defer(() => isFinal(newest())
            ? Observable.Return(Unit.Default)
            : blocks.Where(isFinal).Take(1).Select(_ => Unit.Default));

    private sealed record Told(BlockStamp Block);
}
