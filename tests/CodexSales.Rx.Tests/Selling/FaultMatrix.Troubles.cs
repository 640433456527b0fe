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

/// <content>How each trouble begins, and ends.</content>
internal sealed partial class FaultMatrix
{
    private const int BlocksBehind = 3;
    private const int BlocksReplaced = 3;

    private static readonly TimeSpan ClockShift = TimeSpan.FromHours(30);

    private string BringOn(Trouble trouble)
    {
        if (trouble is Trouble.PipelineIsDisposed)
        {
            return Stop();
        }

        BeginningOf(trouble)();
        _sales.Advance(TimeSpan.FromSeconds(5));
        Open();
        _sales.Advance(Outage);
        MendAll(trouble);
        return End(trouble);
    }

    private Action BeginningOf(Trouble trouble) => trouble switch
    {
        Trouble.QuestionsFail => () => _sales.Fault = call => IsTransaction(call.Name) ? MarketFault.None : MarketFault.Lost,
        Trouble.NothingAnswers => () => _sales.Obstacles.Before = _ => new TaskCompletionSource().Task,
        Trouble.TransactionsAreLost => () =>
        {
            var transactions = 0;
            _sales.Fault = call => IsTransaction(call.Name) && transactions++ < 2 ? MarketFault.Lost : MarketFault.None;
        },
        Trouble.TransactionsLandUnheard => () =>
            _sales.Fault = call => IsTransaction(call.Name) ? MarketFault.Unconfirmed : MarketFault.None,
        Trouble.RequestExpires => () => _sales.Advance(TimeSpan.FromMinutes(6)),
        Trouble.RequestFails => Fail,
        Trouble.SlotIsTaken => TakeAway,
        Trouble.StoreCanNotWrite => () => _isDiskFull = true,
        Trouble.NodesAreBehind => () => _sales.Market.NodesBehind = _ => BlocksBehind,
        Trouble.ChainStandsStill => () => _sales.Chain.Halt(Outage, speed: 4),
        Trouble.ClockIsSetForward => () => _sales.Clock.Shift(ClockShift),
        Trouble.NothingIsHeard => () => _sales.Market.BeSilent(Outage),
        Trouble.NewsIsLate => () => _newsDelay = Outage,
        Trouble.BlocksAreReplaced => () => _sales.Chain.Reorganise(BlocksReplaced, _ => TransactionFate.Delayed),
        Trouble.DiskIsFull => FillDisk,
        Trouble.ProcessIsKilled => () =>
        {
            _sales.Stop();
            Open();
            _sales.RestartFromStore();
        },
        _ => () => { },
    };

    private void FillDisk()
    {
        _isDiskFull = true;
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
        (_sales.Fault, _isDiskFull, _newsDelay) = (_ => MarketFault.None, false, TimeSpan.Zero);
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

    private static bool IsTransaction(string call) =>
        call is "ReserveSlotAsync" or "FillSlotAsync" or "SubmitProofAsync" or "FreeSlotAsync";
}
