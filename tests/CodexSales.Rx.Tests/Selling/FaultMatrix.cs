using System.Reactive;

namespace CodexSales.Rx.Tests.Selling;

/// <summary>What goes wrong in a state.</summary>
internal enum Trouble
{
    Nothing,
    QuestionsFail,
    NothingAnswers,
    TransactionsAreLost,
    TransactionsLandUnheard,
    RequestExpires,
    RequestFails,
    SlotIsTaken,
    StoreCanNotWrite,
    NodesAreBehind,
    ChainStandsStill,
    ClockIsSetForward,
    NothingIsHeard,
    NewsIsLate,
    BlocksAreReplaced,
    DiskIsFull,
    PipelineIsDisposed,
    ProcessIsKilled,
}

/// <summary>
/// One sale that is held up in one state while one thing goes wrong there; then all is well again, and it comes to its
/// end.
/// </summary>
internal sealed class FaultMatrix : IDisposable
{
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ClockShift = TimeSpan.FromHours(30);

    private const int BlocksBehind = 3;
    private const int BlocksReplaced = 3;

    // One for each that waits: of several that await one task, all but one would go on in threads of their own.
    private readonly Queue<TaskCompletionSource> _gates = new();
    private bool _isOpen;
    private readonly AsyncSubject<Unit> _data = new();
    private readonly FaultyStore _store = new();
    private readonly SalesFixture _sales;
    private readonly State _state;
    private TimeSpan _newsDelay;
    private SlotKey _slot;
    private List<SlotKey> _others = [];

    private FaultMatrix(State state, Trouble trouble)
    {
        _state = state;
        _sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 1 },
            store: _store,
            chain: new SimulatedChainOptions
            {
                MaxBlocksBehind = trouble is Trouble.NodesAreBehind ? BlocksBehind : 0,
                MaxReorganisation = trouble is Trouble.BlocksAreReplaced ? BlocksReplaced : 0,
            });
        _sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => _newsDelay, _sales.Time);
    }

    /// <summary>What came of the sale; null where the trouble can't happen in that state.</summary>
    public static string? Try(State state, Trouble trouble)
    {
        if (!CanHappen(state, trouble))
        {
            return null;
        }

        using var matrix = new FaultMatrix(state, trouble);
        matrix.Reach(trouble);
        return matrix.ReportProblem(trouble);
    }

    public void Dispose()
    {
        _sales.Dispose();
        _data.Dispose();
    }

    // A request that has started does not expire, and only one that has started fails.
    private static bool CanHappen(State state, Trouble trouble) => trouble switch
    {
        Trouble.RequestExpires or Trouble.SlotIsTaken =>
            state is State.SalePreparing or State.SaleSlotReserving or State.SaleDownloading or State.SaleInitialProving
                or State.SaleFilling,
        Trouble.RequestFails => state is not (State.SaleCancelled or State.SaleFailed or State.SalePayout)
            && !IsCleanUp(state),
        _ => true,
    };

    // What a sale ended as is told after its data is deleted.
    private static bool IsCleanUp(State state) => state is State.SaleFinished or State.SaleErrored;

    // Whatever a sale waits for in its state stays away until the gate opens.
    private void Reach(Trouble trouble)
    {
        if (trouble is Trouble.RequestFails || _state is State.SaleFailed)
        {
            Repair();
        }
        else
        {
            Sell(trouble);
        }

        Assert.Equal(IsCleanUp(_state) ? 1 : 0, _sales.Storage.Cleared.Count);
        Assert.Equal(
            _state switch
            {
                State.SaleFinished => State.SalePayout,
                State.SaleErrored => State.SaleDownloading,
                _ => _state,
            },
            _sales.Steps[^1].State);
        if (_state is not State.SalePreparing)
        {
            _sales.BuyNoMore();
        }
    }

    private void Sell(Trouble trouble)
    {
        var isCancelled = _state is State.SaleCancelled;
        _sales.Run(SalesFixture.Offer(gib: isCancelled ? 1UL : 64));
        Close();
        var ask = SalesFixture.Ask(price: 2, slots: isCancelled ? 2UL : 1UL) with { ProofProbability = 2 };
        _slot = new SlotKey(_sales.Request(ask, expirySeconds: trouble is Trouble.RequestExpires ? 420UL : 3_600), 0);
        _sales.Advance(_state switch
        {
            State.SalePayout => TimeSpan.FromHours(24.5),
            State.SaleFinished => TimeSpan.FromHours(24.1),
            State.SaleCancelled => TimeSpan.FromHours(1.2),
            _ => TimeSpan.FromMinutes(4),
        });
        if (_state is State.SaleUnknown)
        {
            Remember(trouble);
        }
    }

    // Three slots that others fill; one is lost, and this host repairs it: to lose two at once is the request's failure.
    private void Repair()
    {
        _sales.Run(SalesFixture.Offer() with { IsDisabled = true });
        var request = _sales.Request(
            SalesFixture.Ask(price: 2, slots: 3, maxSlotLoss: 1));
        (_slot, _others) = (new SlotKey(request, 0), [new SlotKey(request, 1), new SlotKey(request, 2)]);
        _sales.FillElsewhere(_slot);
        _others.ForEach(_sales.FillElsewhere);
        _sales.Time.Run(() => _sales.Others.FreeSlotAsync(_slot, default));
        Close();
        _sales.Save(SalesFixture.Offer());
        _sales.Advance(TimeSpan.FromMinutes(4));
        if (_state is State.SaleFailed)
        {
            _sales.BuyNoMore();
            Fail();
            _sales.Advance(TimeSpan.FromMinutes(1));
        }
        else if (_state is State.SaleUnknown)
        {
            Remember(Trouble.RequestFails);
        }
    }

    // A restart, after which nothing is known of the sale for a while.
    private void Remember(Trouble trouble)
    {
        Assert.Equal(State.SaleProving, _sales.Steps[^1].State);
        _sales.BuyNoMore();
        Hold("GetOfferAsync");
        _sales.RestartFromStore();
        _sales.Advance(trouble is Trouble.Nothing ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
    }

    private void Close()
    {
        switch (_state)
        {
            case State.SalePreparing:
                Hold("GetOfferAsync");
                break;
            case State.SaleSlotReserving:
                Hold("ReserveSlotAsync");
                break;
            case State.SaleDownloading:
                _sales.Storage.OnStore = download => _data.Select(_ => download.Request.Ask.SlotSizeBytes);
                break;
            case State.SaleInitialProving:
                _sales.Prover.OnProve = (_, cancellation) => ProveAsync(cancellation);
                break;
            case State.SaleFilling:
                Hold("FillSlotAsync");
                break;
            case State.SaleFilled:
                var isFilling = false;
                _sales.Obstacles.Before = called =>
                {
                    isFilling |= called == "FillSlotAsync";
                    return isFilling && called == "GetSlotAsync" ? WaitAtGate() : null;
                };
                break;
            case State.SalePayout or State.SaleCancelled or State.SaleFailed:
                Hold("FreeSlotAsync");
                break;
            case State.SaleFinished:
                _sales.Storage.OnClear = _ => WaitAtGate();
                break;
            case State.SaleErrored:
                _sales.Storage.OnStore = _ => Observable.Throw<ulong>(new IOException("There is nothing at that address."));
                _sales.Storage.OnClear = _ => WaitAtGate();
                break;
        }
    }

    private Task WaitAtGate()
    {
        if (_isOpen)
        {
            return Task.CompletedTask;
        }

        _gates.Enqueue(new TaskCompletionSource());
        return _gates.Last().Task;
    }

    private void Hold(string call) => _sales.Obstacles.Before = called => called == call ? WaitAtGate() : null;

    private async Task<Groth16Proof> ProveAsync(CancellationToken cancellation)
    {
        await WaitAtGate().WaitAsync(cancellation);
        return ScriptedProver.Proof;
    }

    private string ReportProblem(Trouble trouble)
    {
        var transactions = 0;
        switch (trouble)
        {
            case Trouble.QuestionsFail:
                _sales.Fault = call => IsTransaction(call.Name) ? MarketFault.None : MarketFault.Lost;
                break;
            case Trouble.NothingAnswers:
                _sales.Obstacles.Before = _ => new TaskCompletionSource().Task;
                break;
            case Trouble.TransactionsAreLost:
                _sales.Fault = call => IsTransaction(call.Name) && transactions++ < 2 ? MarketFault.Lost : MarketFault.None;
                break;
            case Trouble.TransactionsLandUnheard:
                _sales.Fault = call => IsTransaction(call.Name) ? MarketFault.Unconfirmed : MarketFault.None;
                break;
            case Trouble.RequestExpires:
                _sales.Advance(TimeSpan.FromMinutes(6));
                break;
            case Trouble.RequestFails:
                Fail();
                break;
            case Trouble.SlotIsTaken:
                TakeAway();
                break;
            case Trouble.StoreCanNotWrite:
                _store.IsBroken = true;
                break;
            case Trouble.NodesAreBehind:
                _sales.Market.NodesBehind = _ => BlocksBehind;
                break;
            case Trouble.ChainStandsStill:
                _sales.Chain.Halt(Outage, speed: 4);
                break;
            case Trouble.ClockIsSetForward:
                _sales.Clock.Shift(ClockShift);
                break;
            case Trouble.NothingIsHeard:
                _sales.Market.BeSilent(Outage);
                break;
            case Trouble.NewsIsLate:
                _newsDelay = Outage;
                break;
            case Trouble.BlocksAreReplaced:
                _sales.Chain.Reorganise(BlocksReplaced, _ => TransactionFate.Delayed);
                break;
            case Trouble.DiskIsFull:
                FillDisk();
                break;
            case Trouble.PipelineIsDisposed:
                return Stop();
            case Trouble.ProcessIsKilled:
                _sales.Stop();
                Open();
                _sales.RestartFromStore();
                break;
        }

        _sales.Advance(TimeSpan.FromSeconds(5));
        Open();
        _sales.Advance(Outage);
        MendAll(trouble);
        return End(trouble);
    }

    private void FillDisk()
    {
        _store.IsBroken = true;
        _sales.Storage.OnStore = _ => Observable.Throw<ulong>(new IOException("No space is left."));
        if (_state is State.SaleDownloading)
        {
            _sales.Time.Run(() =>
            {
                _data.OnError(new IOException("No space is left."));
                return Task.CompletedTask;
            });
        }
    }

    private void MendAll(Trouble trouble)
    {
        (_sales.Fault, _store.IsBroken, _newsDelay) = (_ => MarketFault.None, false, TimeSpan.Zero);
        _sales.Market.NodesBehind = _ => 0;
        if (trouble is Trouble.ClockIsSetForward)
        {
            _sales.Clock.Shift(-ClockShift);
        }

        // What could not be stored may be sold again.
        if (trouble is Trouble.DiskIsFull)
        {
            _sales.Advance(TimeSpan.FromMinutes(1));
            _sales.BuyNoMore();
        }
    }

    // The chain can do what the pipeline is not allowed to hear of yet.
    private void Fail()
    {
        foreach (var slot in _others.TakeWhile(_ => _sales.Chain.GetSlotState(_slot) is not SlotState.Failed))
        {
            OnChain(() => _sales.Others.FreeSlotAsync(slot, default));
        }

        Assert.Equal(SlotState.Failed, _sales.Chain.GetSlotState(_slot));
    }

    private void TakeAway()
    {
        _sales.BuyNoMore();
        _sales.FillElsewhere(_slot);
    }

    private void OnChain(Func<Task<TransactionOutcome>> act) => Assert.IsType<TransactionLanded>(_sales.Time.Run(act));

    private void Open()
    {
        _sales.Time.Run(() =>
        {
            _isOpen = true;
            while (_gates.TryDequeue(out var gate))
            {
                gate.SetResult();
            }

            _data.OnNext(Unit.Default);
            _data.OnCompleted();
            return Task.CompletedTask;
        });
        if (_state is not State.SaleProving)
        {
            _sales.Prover.OnProve = (_, _) => Task.FromResult(ScriptedProver.Proof);
        }

        _sales.Obstacles.Before = _ => null;
    }

    private string Stop()
    {
        _sales.Stop();
        _sales.Chain.Dispose();
        Assert.Equal((0, 0), (_sales.Time.PendingCount, _sales.Storage.Running));
        return "nothing is left running";
    }

    // One end, one clean-up, one worker that is free again; what the books say is checked by the fixture.
    private string End(Trouble trouble)
    {
        _sales.RunToTheEnd();
        Assert.All(_sales.Busy, busy => Assert.InRange(busy, 0, 1));
        Assert.True(_sales.Storage.Cleared.Count <= MostClearings(trouble), "cleared more than once");
        Assert.Equal(_sales.Storage.Stored.Count > 0, _sales.Storage.Cleared.Count > 0);
        var end = Assert.Single(_sales.Ends);
        Assert.Equal(
            _sales.Chain.BalanceOf(SalesFixture.Us) + end.End!.CollateralLost,
            _sales.Chain.Options.HostFunds + end.End.Earned);
        return $"{end.State}, {end.End.Reason}";
    }

    // One that was cut off is begun again.
    private int MostClearings(Trouble trouble) => IsCleanUp(_state) && trouble is Trouble.ProcessIsKilled ? 2 : 1;

    private static bool IsTransaction(string call) =>
        call is "ReserveSlotAsync" or "FillSlotAsync" or "SubmitProofAsync" or "FreeSlotAsync";

    /// <summary>A store on a disk that can be full.</summary>
    private sealed class FaultyStore : ISalesStore
    {
        private readonly MemorySalesStore _store = new();

        public bool IsBroken { get; set; }

        public StoredSales Load() => _store.Load();

        public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation) => IsBroken
            ? Task.FromException(new SalesStoreException("The disk is full."))
            : _store.SaveAsync(changes, cancellation);

        public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(long before, int count, CancellationToken cancellation) =>
            _store.ReadHistoryAsync(before, count, cancellation);
    }
}
