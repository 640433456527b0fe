using System.Reactive.Subjects;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Working;

namespace CodexSales.Rx;

/// <content>The whole stream, from events to slots that are paid and cleaned up.</content>
public sealed partial class SalesPipeline
{
    private CompositeDisposable Sell(Stages stages, IObserver<SaleStep> steps)
    {
        var market = Listen();
        var over = new Subject<SaleEnded>();

        // Of all slots that are open, those that some availability takes are the queue, best first. A slot whose sale came
        // to nothing may be open again.
        var queued = market.Events.TrackOpenSlots(stages.OpenSlots, _clock)
            .Merge(over.SelectMany(ended => OfferAgain(ended, stages.OpenSlots)))
            .FilterByAvailability(stages.Filter, Availabilities.Changes)
            .Do(Queue.Apply);

        // A free worker takes the best slot and is busy until it is filled, or given up. Sales that a restart interrupted go
        // on first; filled ones need no worker, nor do slots that the chain calls ours and nobody here knows of.
        var interrupted = _recovery.Remembered().ToLookup(sale => sale.Stored is { } stored && stored.State.IsAcquiring());
        var acquired = Workers.Occupy(best => Start(best, stages), Resume(interrupted[true], stages, market));
        var strays = market.FirstHead.ObserveOn(_core).SelectMany(_ => Strays(stages)).Select(sale => Resume(sale, stages, market));
        var resumed = Resume(interrupted[false], stages, market).Merge().Merge(strays.Merge());

        // Hosting goes on without a worker, as long as the request runs. Every sale ends once, and afterwards nothing of it is left.
        var sales = acquired.Merge(resumed)
            .SelectMany(state => state is SaleProving or SaleSettling ? Host(state, stages) : Observable.Return(state))
            .Publish();
        var told = sales.Where(state => state is not (SaleEnded or SaleSettling))
            .Merge(sales.OfType<SaleEnded>()
                .CleanUp(_storage, Availabilities, _log, () => _clock.Now, _retry)
                .Do(stages.NoteWrittenOff)
                .Do(over.OnNext))
            .Select(StepOf)
            .Do(Sales.Note)
            .Do(_caution.Note)
            .Do(_metrics.Note);

        // Subscribers hear in the order of these lines. A step is heard before anything begins, the queue knows of an event
        // before the workers do, and what was replaced is known before another block is final. Blocks flow before events, and
        // events at the very end.
        return
        [
            told.Subscribe(steps),
            queued.Subscribe(_ => { }, steps.OnError),
            market.Events.Subscribe(happened => Workers.NoteEvents(happened is BlockTold), steps.OnError),
            market.Heads.Subscribe(_ => { }, steps.OnError),
            market.FirstHead.Connect(),
            market.Heads.Connect(),
            market.Finals.Subscribe(_ => { }, steps.OnError),
            market.Events.Subscribe(stages.Router.Route, steps.OnError),
            sales.Connect(),
            market.Events.Connect(),
            over,
        ];
    }

    // The market's blocks and events. The chain's clock has the time of an event's block before anyone looks at the event.
    private Feeds Listen()
    {
        var heads = Told(_market.Heads, "blocks").Do(TellHead).Publish();
        return new Feeds(
            heads,
            heads.Take(1).Replay(),
            Told(_market.FinalHeads, "final blocks").Do(_told.TellFinal),
            Told(_market.Events, "events").Do(_told.TellEvent).Publish());
    }

    private IObservable<T> Told<T>(IObservable<T> source, string what) =>
        source.LeftInPeace(Report).NeverEnding(what).ObserveOn(_core);

    private void TellHead(BlockStamp head)
    {
        _clock.Observe(head);
        _told.TellHead(head);
    }

    private SaleStep StepOf(SaleState state) => new(
        _clock.Now,
        state.Sale,
        state.Name,
        state switch
        {
            SaleWithStake { Stake.MissedProofs: var missed } => missed,
            SaleUnknown { Stored.MissedProofs: var missed } => missed,
            SaleEnded { Stake.MissedProofs: var missed } => missed,
            _ => 0,
        },
        state is SaleEnded ended ? CleanUpOperators.EndOf(ended) : null);

    /// <summary>What the market tells.</summary>
    private sealed record Feeds(
        IConnectableObservable<BlockStamp> Heads,
        IConnectableObservable<BlockStamp> FirstHead,
        IObservable<BlockStamp> Finals,
        IConnectableObservable<MarketEvent> Events);
}
