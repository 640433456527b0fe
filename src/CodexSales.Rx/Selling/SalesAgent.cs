using System.Diagnostics;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Storage;
using CodexSales.Rx.Storing;
using CodexSales.Rx.Time;
using CodexSales.Rx.Tracking;

namespace CodexSales.Rx.Selling;

/// <summary>
/// Does the work of a sale, state by state. What follows from an outcome is decided by <see cref="SaleMachine"/>; a
/// state is written down before its work begins, so that nothing is sent that a restart does not know of.
/// </summary>
/// <remarks>
/// In the order of a sale's life: this file is what all states share, then come acquiring and hosting. Lives on the core
/// scheduler; every answer from a port comes back to it.
/// </remarks>
internal sealed partial class SalesAgent(
    IMarket market,
    ISlotStorage storage,
    IProver prover,
    AvailabilityLedger ledger,
    DecisionLog log,
    ChainClock clock,
    MarketEventRouter events,
    OpenSlots openSlots,
    MarketRules rules,
    SellingOptions options,
    Retry retry,
    IScheduler core)
{
    // How often the chain is asked whether a request whose time is over really counts as expired.
    private static readonly TimeSpan ExpiryPoll = TimeSpan.FromSeconds(10);

    // How often in a row the chain must not know a request that has been there: a node may lag behind for a while.
    private const int AnswersOfGoneRequest = 6;

    private readonly Turnstile _proofs = new(options.MaxProofsAtOnce, core);

    /// <summary>
    /// Tries to fill a slot: the states from preparing to the one after filled, or to the end. A worker is busy until it
    /// completes.
    /// </summary>
    public IObservable<SaleState> Acquire(Sale sale) =>
        Live(new SalePreparing(sale), until: state => state is SaleProving or SaleEnded)
            .Finally(() => _pledged.Remove(sale.Number));

    /// <summary>Finds out what became of a sale that a restart interrupted, and goes on with it up to where hosting does.</summary>
    public IObservable<SaleState> Resume(SaleUnknown state)
    {
        if (state is { Hold: { } hold, Left: { } left } && left.State.IsAcquiring())
        {
            _pledged.Add(state.Sale.Number, hold.Collateral);
        }

        return Live(state, until: next => next is SaleProving or SaleEnded)
            .Finally(() => _pledged.Remove(state.Sale.Number));
    }

    /// <summary>Hosts a slot from the state that acquiring ended with: the states after it, to the end.</summary>
    public IObservable<SaleState> Host(SaleProving filled) =>
        Live(filled, until: state => state is SaleEnded).Skip(1);

    private IObservable<SaleState> Live(SaleState first, Func<SaleState, bool> until) => Observable.Using(
        () => new FillsSent(),
        sent => new SaleRun(
            first,
            state => Work(state, sent),
            [.. Interruptions(first.Sale, clock.Head.Number), sent.Landed],
            until))
        .Do(SaveChanges())
        .DistinctUntilChanged(state =>
            (state.Name, state is SaleEnded, (state as SaleProving)?.MissedProofs, state.Sale.Terms.EndsAt));

    private IObservable<SaleEvent> Work(SaleState state, FillsSent sent)
    {
        if (!state.IsRemembered())
        {
            return WorkOf(state, sent);
        }

        var saved = new SaleSaved(state.RecordOf(clock.Now));
        if (state is not SaleFilled)
        {
            return log.SaveThen(saved, () => WorkOf(state, sent));
        }

        // Whose the slot is, is only asked, and soon: a store that stalls until the slot is lost would hide that it was ours.
        log.Save(saved);
        return WorkOf(state, sent);
    }

    // As long as the slot can't be ours, a failure ends the sale. Once it may be, money is at stake: then only the chain ends it.
    private IObservable<SaleEvent> WorkOf(SaleState state, FillsSent sent) => state switch
    {
        SalePreparing preparing => EndOnFailure(Prepare(preparing).Within(options.ReserveDeadline, core)),
        SaleSlotReserving reserving => EndOnFailure(
            Reserve(reserving.Sale.Slot, wasSent: false).Within(options.ReserveDeadline, core)),
        SaleDownloading downloading => EndOnFailure(Download(downloading)),
        SaleInitialProving proving => EndOnFailure(ProveInitially(proving)),
        SaleFilling filling => retry.Persist(Fill(filling, sent)),
        SaleFilled filled => retry.Persist(FindHost(filled)),
        SaleProving proving => KeepData(proving).Merge(ProveUntilEnd(proving)),
        SalePayout payout => retry.Persist(GiveUp(payout.Sale, SlotState.Finished)),
        SaleCancelled cancelled => retry.Persist(GiveUp(cancelled.Sale, SlotState.Cancelled)),
        SaleFailed failed => retry.Persist(GiveUp(failed.Sale, SlotState.Failed)),
        SaleUnknown { Left.End: not null } => Observable.Return(new EndRemembered()),
        SaleUnknown unknown => retry.Persist(FindOut(unknown)),
        _ => throw new UnreachableException($"{state.Name} has no work."),
    };

    // What changes within a state: a proof was missed, since when the slot is filled was learnt. Nothing waits for it.
    private Action<SaleState> SaveChanges()
    {
        var before = default(SaleStateName?);
        return state =>
        {
            if (state.Name == before && state.IsRemembered())
            {
                log.Save(new SaleSaved(state.RecordOf(clock.Now)));
            }

            before = state.Name;
        };
    }

    // A slot that was never filled reads as free also after its request has expired. The answers must be of one moment:
    // a slot that is filled by us between two questions looks as if another host had it.
    private IObservable<SaleEvent> FindOut(SaleUnknown state) =>
        from wasMine in Ask(ct => market.IsMineAsync(state.Sale.Slot, ct))
        from slot in Ask(ct => market.GetSlotStateAsync(state.Sale.Slot, ct))
        from request in Ask(ct => market.GetRequestAsync(state.Sale.Slot.RequestId, ct))
        from requestState in Ask(ct => market.GetRequestStateAsync(state.Sale.Slot.RequestId, ct))
        from isMine in Ask(ct => market.IsMineAsync(state.Sale.Slot, ct))
        from found in isMine != wasMine ? FindOut(state) : Observable.Return(new SlotFound(
            !isMine && requestState is RequestState.Cancelled ? SlotState.Cancelled : slot, isMine, request,
            openSlots.FilledAt(state.Sale.Slot)))
        select found;

    // What stands in a block that was known when the sale began is in what the chain said since.
    private IEnumerable<IObservable<SaleEvent>> Interruptions(Sale sale, ulong knownBlock)
    {
        if (openSlots.TermsOf(sale.Slot.RequestId) is { } terms)
        {
            yield return Observable.Return(new RequestTold(terms.ExpiresAt, terms.EndsAt));
        }

        yield return events.About(sale.Slot.RequestId).SelectMany<MarketEvent, SaleEvent>(happened => happened switch
        {
            SlotFilled filled when filled.Slot == sale.Slot && filled.Block.Number > knownBlock =>
                [new SlotTaken(filled.Block.Time)],
            RequestFailed => [new RequestFailedOnChain()],
            StorageRequested asked => [new RequestTold(asked.ExpiresAt, asked.EndsAt)],
            _ => [],
        });
        yield return retry.Persist(WatchExpiry(sale));
    }

    // The clock alone never cancels: the chain must say so. A request that has started does not expire.
    private IObservable<SaleEvent> WatchExpiry(Sale sale) => clock.WhenPast(sale.Terms.ExpiresAt)
        .SelectMany(_ => Ask(ct => market.GetRequestStateAsync(sale.Slot.RequestId, ct))
            .Concat(Observable.Empty<RequestState?>().Delay(ExpiryPoll, core))
            .Repeat()
            .Scan((State: default(RequestState?), Unknown: 0), (before, state) =>
                (state, state is null ? before.Unknown + 1 : 0))
            .FirstAsync(answer => answer is { State: not (null or RequestState.New) } or { Unknown: AnswersOfGoneRequest }))
        .SelectMany<(RequestState? State, int Unknown), SaleEvent>(answer => answer.State switch
        {
            null => [new RequestGoneFromChain()],
            RequestState.Cancelled => [new RequestExpiredOnChain()],
            RequestState.Failed => [new RequestFailedOnChain()],
            _ => [],
        });

    private IObservable<Unit> NextPeriod() =>
        Observable.Defer(() => clock.WhenPast(LastSecondOf(clock.Now.Value / rules.ProofPeriodSeconds)));

    private UnixSeconds LastSecondOf(ulong period) => new(((period + 1) * rules.ProofPeriodSeconds) - 1);

    private IObservable<Groth16Proof> Prove(SlotKey slot, Bytes32 challenge) =>
        _proofs.Pass(retry.Once(ct => prover.ProveAsync(slot, challenge, ct), options.ProveDeadline));

    private Answer<T> Ask<T>(Func<CancellationToken, Task<T>> question) => retry.Ask(question);

    // Never sent again by itself: what became of it must be asked first.
    private IObservable<TransactionOutcome> Send(Func<CancellationToken, Task<TransactionOutcome>> transaction) =>
        retry.Once(transaction, options.FillDeadline);

    // What a host's port throws is a value from here on. What the machine throws is our own bug, and is not caught.
    private static IObservable<SaleEvent> EndOnFailure(IObservable<SaleEvent> work) =>
        work.Catch((Exception error) => Observable.Return<SaleEvent>(error is TimeoutException
            ? new WorkFailed(SaleReason.DeadlinePassed, "The stage took too long.", SecondTry.AfterPause)
            : new WorkFailed(SaleReason.HostFault, $"{error.GetType().Name}: {error.Message}")));

    private sealed record NothingToSay : SaleEvent
    {
        public static readonly NothingToSay Instance = new();
    }
}
