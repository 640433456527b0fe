using System.Reactive;

namespace CodexSales.Rx.Tests.Selling;

/// <summary>
/// One sale that is held up in one state while one thing goes wrong there; then all is well again, and it comes to its
/// end.
/// </summary>
internal sealed partial class FaultMatrix : IDisposable
{
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(3);

    // One for each that waits: of several that await one task, all but one would go on in threads of their own.
    private readonly Queue<TaskCompletionSource> _gates = new();
    private bool _isOpen;
    private bool _isDiskFull;
    private readonly AsyncSubject<Unit> _data = new();
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
            store: new HookedStore(write => _isDiskFull
                ? Task.FromException(new SalesStoreException("The disk is full."))
                : write()),
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
        return matrix.BringOn(trouble);
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
        Action close = _state switch
        {
            State.SalePreparing => () => Hold("GetOfferAsync"),
            State.SaleSlotReserving => () => Hold("ReserveSlotAsync"),
            State.SaleDownloading => () =>
                _sales.Storage.OnStore = download => _data.Select(_ => download.Request.Ask.SlotSizeBytes),
            State.SaleInitialProving => () => _sales.Prover.OnProve = (_, cancellation) => ProveAsync(cancellation),
            State.SaleFilling => () => Hold("FillSlotAsync"),
            State.SaleFilled => HoldOnceFilling,
            State.SalePayout or State.SaleCancelled or State.SaleFailed => () => Hold("FreeSlotAsync"),
            State.SaleFinished => () => _sales.Storage.OnClear = _ => WaitAtGate(),
            State.SaleErrored => () =>
            {
                _sales.Storage.OnStore = _ => Observable.Throw<ulong>(new IOException("There is nothing at that address."));
                _sales.Storage.OnClear = _ => WaitAtGate();
            },
            _ => () => { },
        };
        close();
    }

    private void HoldOnceFilling()
    {
        var isFilling = false;
        _sales.Obstacles.Before = called =>
        {
            isFilling |= called == "FillSlotAsync";
            return isFilling && called == "GetSlotAsync" ? WaitAtGate() : null;
        };
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
}
