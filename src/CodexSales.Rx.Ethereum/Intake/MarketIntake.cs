using System.Reactive.Subjects;
using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Reads the marketplace's events from a node: each once, in the order of the chain, without a gap.</summary>
/// <remarks>
/// <para>
/// The told chain is kept by hash and parent hash. A new block is told when it is the child of the last one; blocks of
/// a branch that was left are taken back first. Pushed heads and timers only wake the intake: a lost connection, a
/// missing head or a node that is behind delay events, and lose none.
/// </para>
/// <para>
/// Trouble with a node is told in <see cref="Health"/> and tried again without end. <see cref="Events"/> end with a
/// <see cref="ChainUntrustedException"/> only if the told events can't be made good.
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
    /// The events, from those of the oldest request that may still be open, and a <see cref="BlockTold"/> after those
    /// of the node's newest block. Subscribing reads; one subscriber at a time, who may publish them.
    /// </summary>
    /// <exception cref="InvalidOperationException">At the subscription: there is a subscriber already.</exception>
    public IObservable<MarketEvent> Events { get; }

    /// <summary>
    /// The newest block, each time that there is a new one, also while the past is read; the latest one at once. At the
    /// tip every block is told, before its own events. In a reorganisation the last block that stays is told first.
    /// </summary>
    public IObservable<BlockStamp> Heads => _heads.AsObservable();

    /// <summary>
    /// The newest final block, each time that there is another one; the latest one at once. By the chain's own word
    /// where the node gives it; else by <see cref="MarketIntakeOptions.FinalAge"/>, one in every thirty-second part of
    /// that time.
    /// </summary>
    public IObservable<BlockStamp> FinalHeads => _finalHeads.AsObservable();

    /// <summary>The state of the reading: at once, then each time that it changes.</summary>
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
            new IntakeListener(observer, _heads, _finalHeads, _scheduler), wake, cancellation.Token);
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
        IntakeRun run, IObserver<MarketEvent> observer, IScheduler scheduler, CancellationToken cancellationToken)
    {
        try
        {
            await run.RunAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
        catch (Exception error)
        {
            // On the scheduler: in this task, at which nobody looks, an exception of the subscriber would be lost.
            scheduler.Schedule(() => observer.OnError(error));
        }
    }
}
