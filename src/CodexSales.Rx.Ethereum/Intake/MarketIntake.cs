using System.Reactive.Subjects;
using System.Runtime.ExceptionServices;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Reads the marketplace's events from a node: each once, in the order of the chain, without a gap.</summary>
/// <remarks>
/// <para>
/// The chain as it was told is kept by hash and parent hash. A new block is told when it is the child of the last one;
/// what stands on a branch that was left is taken back first. Pushed heads and timers only make the intake look, so a
/// lost connection, a pushed head that never comes or a node that is behind delay events, and lose none.
/// </para>
/// <para>
/// Trouble with a node is told in <see cref="Health"/> and tried again without end. <see cref="Events"/> end with a
/// <see cref="ChainUntrustedException"/> only if what was told can't be made good.
/// </para>
/// <para>Threading: everything runs, and is told, on the scheduler, which must run one action at a time.</para>
/// </remarks>
public sealed class MarketIntake
{
    private readonly IRpcLink _link;
    private readonly MarketplaceLogDecoder _decoder;
    private readonly MarketIntakeOptions _options;
    private readonly ICursorStore? _cursors;
    private readonly IScheduler _scheduler;
    private readonly IntakeStatus _status;
    private readonly ISubject<BlockStamp> _heads = new ReplaySubject<BlockStamp>(1);
    private readonly ISubject<BlockStamp> _finalHeads = new ReplaySubject<BlockStamp>(1);
    private int _runs;

    /// <summary>Makes an intake that reads nothing until its events are subscribed to.</summary>
    /// <param name="link">The node, or several. Stays the caller's to dispose of.</param>
    /// <param name="marketplace">The contract.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="cursors">Remembers where the chain stood over restarts; null to do without.</param>
    /// <param name="scheduler">Where everything runs and time passes.</param>
    /// <exception cref="ArgumentException">An option is outside of its range.</exception>
    public MarketIntake(
        IRpcLink link, Address marketplace, MarketIntakeOptions? options, ICursorStore? cursors, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(scheduler);
        (_link, _options, _cursors, _scheduler) = (
            link, options is null ? new MarketIntakeOptions() : options with { }, cursors, scheduler);
        OptionErrors.ThrowAny(_options.FindErrors());
        _decoder = new MarketplaceLogDecoder(marketplace);
        _status = new IntakeStatus(link, _options.StallAfter, scheduler);
        Events = Observable.Create<MarketEvent>(Run);
    }

    /// <summary>
    /// The events, from those of the oldest request that may still be open, and a <see cref="BlockTold"/> each time that
    /// those of the node's newest block are told. To subscribe is to read; for one subscriber at a time, who may publish
    /// them to others.
    /// </summary>
    /// <exception cref="InvalidOperationException">At the subscription: there is a subscriber already.</exception>
    public IObservable<MarketEvent> Events { get; }

    /// <summary>
    /// The newest block, each time that there is a new one, while events are read, also those of the past; the latest one
    /// at once. At the tip every block is told, after what it takes back and before its own events. When blocks are
    /// replaced, the last one that stays is told first, and then the new ones.
    /// </summary>
    public IObservable<BlockStamp> Heads => _heads.AsObservable();

    /// <summary>
    /// The newest block that no reorganisation takes back any more, each time that there is another one; the latest one at
    /// once. The chain's own word where the node gives it; else one that is deep enough, see
    /// <see cref="MarketIntakeOptions.FinalAge"/>: not each of them, but one in every thirty-second part of that time.
    /// </summary>
    public IObservable<BlockStamp> FinalHeads => _finalHeads.AsObservable();

    /// <summary>How the reading stands: at once, then each time that it changes.</summary>
    public IObservable<IntakeHealth> Health => _status.Values;

    private CompositeDisposable Run(IObserver<MarketEvent> observer)
    {
        if (Interlocked.CompareExchange(ref _runs, 1, 0) != 0)
        {
            throw new InvalidOperationException("The events of an intake have a subscriber already.");
        }

        var cancellation = new CancellationTokenSource();
        var wake = new WakeSignal(_scheduler);
        var run = new IntakeRun(
            _link, _decoder, _options, _cursors, _scheduler, _status,
            new Listener(observer, _heads, _finalHeads, _scheduler), wake, cancellation.Token);
        return new CompositeDisposable(
            _link.Wakes.Subscribe(_ => wake.Wake()),
            _link.States.Subscribe(_ => _scheduler.Schedule(_status.Refresh)),
            _scheduler.Schedule(() => _ = RunAsync(run, observer, _scheduler, cancellation.Token)),
            Disposable.Create(() =>
            {
                cancellation.Cancel();
                cancellation.Dispose();
                Volatile.Write(ref _runs, 0);
            }));
    }

    private static async Task RunAsync(
        IntakeRun run, IObserver<MarketEvent> observer, IScheduler scheduler, CancellationToken cancellation)
    {
        try
        {
            await run.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception error)
        {
            // Not from here: where the subscriber throws it on, it would be lost in a task that nobody looks at.
            scheduler.Schedule(() => observer.OnError(error));
        }
    }

    // Tells of heads only what is news: after a look at the tip, the blocks below it are none.
    private sealed class Listener(
        IObserver<MarketEvent> events, ISubject<BlockStamp> heads, ISubject<BlockStamp> finalHeads, IScheduler scheduler)
        : IIntakeListener
    {
        private BlockStamp? _head;

        public void Tell(MarketEvent happened) => Guard(() => events.OnNext(happened));

        public void Completed(BlockStamp block) => Tell(new BlockTold(block));

        // One that takes the place of the newest one shows by its hash alone.
        public void Reached(BlockStamp block)
        {
            if (_head is not { } head || block.Number > head.Number || (block.Number == head.Number && block != head))
            {
                TellHead(block);
            }
        }

        public void Rewound(BlockStamp block)
        {
            if (_head != block)
            {
                TellHead(block);
            }
        }

        public void Settled(BlockStamp block) => Guard(() => finalHeads.OnNext(block));

        private void TellHead(BlockStamp block)
        {
            _head = block;
            Guard(() => heads.OnNext(block));
        }

        // Where a subscriber throws, its subscription is over and can't be told: its exception goes on by itself.
        private void Guard(Action tell)
        {
            try
            {
                tell();
            }
            catch (Exception thrown)
            {
                scheduler.Schedule(() => ExceptionDispatchInfo.Throw(thrown));
                throw new OperationCanceledException("A subscriber threw.", thrown);
            }
        }
    }
}
