using System.Diagnostics;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

/// <summary>Does the work of a sale, state by state. <see cref="SaleMachine"/> decides on the next state; a state is
/// saved before its work begins, so that a restart knows of everything that was sent.</summary>
/// <remarks>In the order of a sale's life: this file is what all states share, then come acquiring and hosting. Lives
/// on the core scheduler; every answer from a port comes back to it.</remarks>
internal sealed partial class SalesAgent(
    IMarket market,
    ISlotStorage storage,
    IProver prover,
    AvailabilityLedger ledger,
    StoreWriter log,
    ChainClock clock,
    ToldBlocks told,
    MarketEventRouter events,
    RequestTracker openSlots,
    MarketRules rules,
    SellingOptions options,
    Retry retry,
    PortWatch ports,
    ProverPace pace,
    Caution caution,
    IScheduler core)
{
    // The time between two questions whether a request whose time is over really counts as expired.
    private static readonly TimeSpan ExpiryPoll = TimeSpan.FromSeconds(10);

    // After so many consecutive answers of "unknown request" it counts as reorganised away. With fewer, a node that lags
    // behind would end the sale.
    private const int AnswersOfGoneRequest = 6;

    private readonly ConcurrencyLimiter _proofs = new(options.MaxProofsAtOnce, core);

    /// <summary>Tries to fill a slot: the states from preparing to the one after filled, or to the end. A worker is
    /// busy until it completes.</summary>
    public IObservable<SaleState> Acquire(Sale sale) =>
        RunStates(new SalePreparing(sale), until: NeedsNoWorker)
            .Finally(() => _pledged.Remove(sale.Number));

    /// <summary>Asks for the state of a sale that a restart interrupted, and goes on with it until hosting does.</summary>
    public IObservable<SaleState> Resume(SaleUnknown state)
    {
        if (state is { Hold: { } hold, Stored: { } stored } && stored.State.IsAcquiring())
        {
            _pledged.Add(state.Sale.Number, hold.Collateral);
        }

        return RunStates(state, until: NeedsNoWorker)
            .Finally(() => _pledged.Remove(state.Sale.Number));
    }

    /// <summary>Hosts a slot from the state that acquiring ended with: the states after it, to the end.</summary>
    public IObservable<SaleState> Host(SaleState acquired) =>
        RunStates(acquired, until: state => state is SaleEnded).Skip(1);

    /// <summary>True once acquiring is over: the slot is filled, or the sale has ended, perhaps not yet for good.</summary>
    public static bool NeedsNoWorker(SaleState state) => state is SaleProving or SaleSettling or SaleEnded;

    private IObservable<SaleState> RunStates(SaleState first, Func<SaleState, bool> until) => Observable.Using(
        () => new FillsSent(),
        sent => new SaleRun(
            first,
            state => Work(state, sent),
            [.. Interruptions(first.Sale, told.Head.Number), sent.Landed],
            until))
        .Do(SaveChanges())
        .DistinctUntilChanged(state =>
            (state.Name, state is SaleEnded, state is SaleSettling, state.Stake.MissedProofs, state.Sale.Terms.EndsAt));

    private IObservable<SaleEvent> Work(SaleState state, FillsSent sent)
    {
        if (state is SaleDownloading or SaleSlotReserving { IsAgain: true })
        {
            // The sale may be over before it is written down. Work that is done again was in a block that was replaced.
            openSlots.NoteReserved(state.Sale.Slot, isByUs: state is SaleDownloading);
        }

        if (!state.IsRemembered())
        {
            return WorkOf(state, sent);
        }

        var saved = new SaleSaved(state.RecordOf(clock.Now));
        if (state is not (SaleFilled or SaleProving))
        {
            return log.SaveThen(saved, () => WorkOf(state, sent));
        }

        // Neither the question whose the slot is nor a proof waits for the store. A store that stalls until the slot is lost
        // would hide that it was ours; a proof that is sent twice does no harm, and one that is not sent costs collateral.
        log.Save(saved);
        return WorkOf(state, sent);
    }

    // As long as the slot can't be ours, a failure ends the sale. Once it may be, money is at stake: then only the chain ends it.
    private IObservable<SaleEvent> WorkOf(SaleState state, FillsSent sent) => state switch
    {
        SalePreparing preparing => EndOnFailure(Prepare(preparing).Within(options.ReserveDeadline, core)),
        SaleSlotReserving reserving => EndOnFailure(
            Reserve(reserving).Within(options.ReserveDeadline, core)),
        SaleDownloading downloading => EndOnFailure(Download(downloading)),
        SaleInitialProving proving => EndOnFailure(ProveInitially(proving)),
        SaleFilling filling => retry.RetryForever(Fill(filling, sent)),
        SaleFilled filled => retry.RetryForever(FindHost(filled)),
        SaleProving proving => KeepData(proving).Merge(ProveUntilEnd(proving)),
        SalePayout payout => GiveUp(payout, SlotState.Finished),
        SaleCancelled cancelled => GiveUp(cancelled, SlotState.Cancelled),
        SaleFailed failed => GiveUp(failed, SlotState.Failed),
        SaleSettling settling => UntilItStands(settling),
        SaleUnknown { Stored.End: not null } => Observable.Return(new EndRemembered()),
        SaleUnknown unknown => retry.RetryForever(FindOut(unknown)),
        _ => throw new UnreachableException($"{state.Name} has no work."),
    };

    // Changes within a state: a missed proof, or news of when the slot was filled. Nothing waits for it.
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

    private IObservable<SaleEvent> FindOut(SaleUnknown state) =>
        AskAsOfHead((asOf, ct) => market.GetOfferAsync(state.Sale.Slot, asOf, ct))
            .Select(offer => Seen(state.Sale, offer.View) with { Request = offer.Request, Hold = HoldIfFilled(state.Sale, state.Stake, offer.View) });

    private IObservable<SlotView> View(SlotKey slot) => AskAsOfHead((asOf, ct) => market.GetSlotAsync(slot, asOf, ct));

    private SlotSeen Seen(Sale sale, SlotView view) => Seen(sale.Slot, view) with
    {
        IsNeverFreed = told.EventsUpTo.Number >= view.AsOf.Number && openSlots.IsSameOffer(sale.Offer) is true,
    };

    private SlotSeen Seen(SlotKey slot, SlotView view) =>
        new(view, IsMine(view), rules.MaxMissedProofs)
        {
            FilledAt = openSlots.FilledAt(slot),
            RepairTerms = openSlots.RepairTermsOf(slot),
        };

    private bool IsMine(SlotView view) => view.Host == market.Host;

    // Fills up to the known block are ignored: the view that the sale began with includes them already.
    private IEnumerable<IObservable<SaleEvent>> Interruptions(Sale sale, ulong knownBlock)
    {
        if (openSlots.TermsOf(sale.Slot.RequestId) is { } terms)
        {
            yield return Observable.Return(new RequestTold(terms.ExpiresAt, terms.EndsAt));
        }

        yield return events.About(sale.Slot.RequestId).SelectMany<MarketEvent, SaleEvent>(happened => happened switch
        {
            SlotFilled filled when filled.Slot == sale.Slot && filled.Block.Number > knownBlock =>
                [new SlotTaken(filled.Block)],
            RequestFailed => [new RequestFailedOnChain()],
            StorageRequested asked => [new RequestTold(asked.ExpiresAt, asked.EndsAt)],
            _ => [],
        });
        yield return told.Replaced.Select(from => new BlocksReplaced(from));
        yield return retry.RetryForever(WatchExpiry(sale));
    }

    // The clock alone never cancels: the chain must say so. A request that has started does not expire.
    private IObservable<SaleEvent> WatchExpiry(Sale sale) => clock.WhenPast(sale.Terms.ExpiresAt)
        .SelectMany(_ => View(sale.Slot)
            .Concat(Observable.Empty<SlotView>().Delay(ExpiryPoll, core))
            .Repeat()
            .Scan((State: default(RequestState?), Unknown: 0), (before, view) =>
                (view.RequestState, view.RequestState is null ? before.Unknown + 1 : 0))
            .FirstAsync(answer => answer is { State: not (null or RequestState.New) } or { Unknown: AnswersOfGoneRequest }))
        .SelectMany<(RequestState? State, int Unknown), SaleEvent>(answer => answer.State switch
        {
            null => [new RequestGoneFromChain()],
            RequestState.Cancelled => [new RequestExpiredOnChain()],
            RequestState.Failed => [new RequestFailedOnChain()],
            _ => [],
        });

    // First proofs don't wait here: a worker makes each, and there are few of them. Those of hosted slots never wait for one.
    private IObservable<ChallengeProof> Prove(SlotKey slot, ProofDemand demand) =>
        pace.Measure(retry.Once(
            HostPort.Prover, ct => prover.ProveAsync(slot, demand.Challenge, ct), options.ProveDeadline, WhyNoProof))
            .Select(proof => new ChallengeProof(demand.Period, demand.Challenge, proof));

    private static string? WhyNoProof(Groth16Proof proof) =>
        proof == Groth16Proof.None ? "The prover gives eight zeros, which prove nothing." : null;

    private IObservable<T> AskAsOfHead<T>(Func<BlockStamp, CancellationToken, Task<T>> question) => retry.AskAsOf(told, question);

    // From here on an exception of a host's port is a value. One of the machine is our own bug, and is not caught.
    private IObservable<SaleEvent> EndOnFailure(IObservable<SaleEvent> work) => EndOnFailure(
        work,
        error => new WorkFailed(SaleReason.HostFault, $"{error.GetType().Name}: {error.Message}", RequeuePolicy.AfterPause),
        _ => $"The stage took too long.{WordsOf(ports[HostPort.Market])}{WordsOf(ports[HostPort.Transactions])}");

    private static string WordsOf(FailingPort? failing) =>
        failing is null ? "" : $" {failing.Port}, failing since {failing.Since:u}: {failing.LastError}";

    // Only a deadline of our own is one. An exception of a port is told in its own words, a time-out of its own too.
    private IObservable<SaleEvent> EndOnFailure(
        IObservable<SaleEvent> work, Func<Exception, WorkFailed> failure, Func<DeadlineException, string> tooLong) =>
        work.Catch((Exception error) =>
        {
            if (error is DeadlineException late)
            {
                return Observable.Return<SaleEvent>(new WorkFailed(SaleReason.DeadlinePassed, tooLong(late), RequeuePolicy.AfterPause));
            }

            retry.Tell(error);
            return Observable.Return<SaleEvent>(failure(error));
        });
}
