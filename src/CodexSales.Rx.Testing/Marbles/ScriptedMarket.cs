using CodexSales.Rx.Testing.Chain;
using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The market of a specification: it answers at once, unless the specification says otherwise.</summary>
internal sealed class ScriptedMarket : IMarket, IDisposable
{
    private static readonly MarketRules Rules = new()
    {
        RepairRewardPercent = 10,
        ProofPeriodSeconds = 1,
        ProofTimeoutSeconds = 1,
        ProofDowntimeBlocks = 64,
        MaxMissedProofs = 5,
    };

    private readonly VirtualTime _time;
    private readonly ScriptedContract _contract;
    private readonly OpenCalls _open;
    private readonly EventHistory _events = new(ulong.MaxValue / 2);
    private readonly IObservable<BlockStamp> _blocks;
    private readonly Subject<BlockStamp> _replaced = new();
    private readonly Queue<MarketEvent> _unheard = new();
    private readonly Dictionary<string, PortSwitch> _transactions =
        new[] { "reserve", "fill", "submit", "free" }.ToDictionary(name => name, _ => new PortSwitch());

    private bool _isLost;
    private bool _areEventsLate;
    private bool _isBlockToBeTold;

    public ScriptedMarket(VirtualTime time, ScriptedContract contract, OpenCalls open)
    {
        (_time, _contract, _open) = (time, contract, open);
        contract.Publish = Hear;
        _blocks = Observable.Timer(TimeSpan.Zero, TimeSpan.FromSeconds(1), time)
            .Where(_ => !_isLost)
            .Do(_ => contract.CountMissedProofs())
            .Select(_ => contract.Block)
            .Publish()
            .RefCount();
    }

    public ulong FinalitySeconds { get; init; }

    /// <summary>The scripts of sales; null where sales go as the ports answer.</summary>
    public ScriptedSales? Scripts { get; set; }

    public Action<string, SlotKey> Sent { get; set; } = (_, _) => { };

    public Address Host => ScriptedContract.Us;

    // Events before a subscription are its past.
    public IObservable<MarketEvent> Events => _open.Watch(
        "the market's events",
        _events.Events
            .Merge(Observable.Defer(() => Observable.Return(new BlockTold(_contract.Block))))
            .Merge(_blocks.Where(_ => !_areEventsLate).Select(block => new BlockTold(block))));

    // A block each second, and those that a reorganisation brings.
    public IObservable<BlockStamp> Heads => _open.Watch("the market's heads", _blocks.Merge(_replaced));

    public IObservable<BlockStamp> FinalHeads => _open.Watch(
        "the market's final heads",
        _blocks.Where(head => head.Number > FinalitySeconds)
            .Select(head => ScriptedContract.BlockAt(head.Number - FinalitySeconds)));

    public void Set(string transaction, PortMode mode) => _transactions[transaction].Set(mode);

    public void SetConnection(bool isLost)
    {
        _isLost = isLost;
        CatchUp();
    }

    public void SetEvents(bool areLate)
    {
        _areEventsLate = areLate;
        CatchUp();
    }

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken) =>
        AskAsync(() => Rules with { ProofPeriodSeconds = _contract.PeriodSeconds });

    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken) =>
        AskAsync(() => View(slot));

    public async Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken)
    {
        if (Scripts?.PreparedAt(slot) is { } at)
        {
            await WaitUntilAsync(at, cancellationToken).ConfigureAwait(false);
        }

        return await AskAsync(() => new SlotOffer(
            View(slot),
            _contract.Find(slot.RequestId)?.Request,
            _contract.Find(slot) is { IsFullyReserved: false, IsReservedByUs: false },
            UInt256.MaxValue)).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(BlockStamp asOf, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<SlotId>>(() => [.. _contract.MySlots().Select(hosted => hosted.Slot.SlotId)]);

    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<HostedSlot>>(() => [.. _contract.MySlots().Where(hosted => slots.Contains(hosted.Slot.SlotId))]);

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellationToken) =>
        SendAsync("reserve", slot, MarketRefusal.ReservationNotAllowed, () => Reserve(slot), cancellationToken);

    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken) =>
        SendAsync("fill", slot, MarketRefusal.SlotNotFree, () => Fill(slot, proof), cancellationToken);

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken) =>
        SendAsync("submit", slot, MarketRefusal.InvalidProof, () => Submit(slot, proof), cancellationToken);

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellationToken) =>
        SendAsync("free", slot, MarketRefusal.Other, () => Landed(Pay(slot)), cancellationToken);

    public void Dispose()
    {
        _events.Dispose();
        _replaced.Dispose();
        foreach (var each in _transactions.Values)
        {
            each.Dispose();
        }
    }

    private void Hear(MarketEvent happened)
    {
        _unheard.Enqueue(happened);
        CatchUp();
    }

    private void CatchUp()
    {
        while (!_isLost && !_areEventsLate && _unheard.TryDequeue(out var happened))
        {
            if (happened is Reverted { Original.Block.Number: var number })
            {
                _replaced.OnNext(ScriptedContract.BlockAt(number - 1)); // Block 1 holds no event.
                _replaced.OnNext(_contract.Block);
            }

            _events.Publish(happened);
            TellBlock();
        }
    }

    // Events of one instant are in one block, and are told before it.
    private void TellBlock()
    {
        if (!_isBlockToBeTold)
        {
            _isBlockToBeTold = true;
            _time.Schedule(() =>
            {
                _isBlockToBeTold = false;
                if (!_isLost && !_areEventsLate)
                {
                    _events.Publish(new BlockTold(_contract.Block));
                }
            });
        }
    }

    private SlotView View(SlotKey slot)
    {
        var record = _contract.Find(slot);
        return new SlotView
        {
            AsOf = _contract.Block,
            State = _contract.StateOf(slot),
            Host = record?.Holder switch
            {
                SlotHolder.Us => Host,
                SlotHolder.Another => ScriptedContract.Another,
                _ => null,
            },
            RequestState = _contract.Find(slot.RequestId)?.StateAt(_time.ChainTime),
            Demand = new ProofDemand(_contract.Period, _contract.AreProofsWanted, false, 0, _contract.Challenge),
            Collateral = 0,
            MissedProofs = record?.MissedProofs ?? 0,
        };
    }

    private Task<T> AskAsync<T>(Func<T> answer, [CallerMemberName] string question = "") => _isLost
        ? Task.FromException<T>(new MarketUnavailableException($"{question} was not answered."))
        : Task.FromResult(answer());

    private async Task<TransactionOutcome> SendAsync(
        string name,
        SlotKey slot,
        MarketRefusal refusal,
        Func<TransactionOutcome> land,
        CancellationToken cancellationToken)
    {
        Sent(name, slot);
        if (name == "fill" && Scripts is not null)
        {
            await WaitUntilAsync(Scripts.FilledAt(slot), cancellationToken).ConfigureAwait(false);
        }

        var mode = await _open
            .WaitAsync($"a transaction: {name} {slot}", _transactions[name].AnswerAsync(cancellationToken))
            .ConfigureAwait(false);
        if (mode == PortMode.Fails)
        {
            return Refused(refusal);
        }

        if (mode == PortMode.Lost || _isLost)
        {
            return new TransactionInDoubt("It was sent, and never heard of again.");
        }

        var outcome = land();
        return mode == PortMode.Unconfirmed
            ? new TransactionInDoubt("It was sent, and the answer is lost.")
            : outcome;
    }

    private TransactionLanded Reserve(SlotKey slot)
    {
        _contract.Reserve(slot);
        return Landed();
    }

    private TransactionOutcome Fill(SlotKey slot, Groth16Proof proof)
    {
        if (_contract.StateOf(slot) is not (SlotState.Free or SlotState.Repair))
        {
            return Refused(MarketRefusal.SlotNotFree);
        }

        if (!IsValid(slot, proof))
        {
            return Refused(MarketRefusal.InvalidProof);
        }

        _contract.Fill(slot, SlotHolder.Us);
        return Landed();
    }

    private TransactionOutcome Submit(SlotKey slot, Groth16Proof proof)
    {
        if (!IsValid(slot, proof))
        {
            return Refused(MarketRefusal.InvalidProof);
        }

        _contract.Find(slot)!.ProvedPeriod = _contract.Period; // Only a slot that is filled is proved.
        return Landed();
    }

    // A script says when a fill lands, however old its proof is by then.
    private bool IsValid(SlotKey slot, Groth16Proof proof) =>
        Scripts is not null || proof == ValidProof.Of(slot, _contract.Challenge);

    // The contract pays for the time that the slot was filled; nothing for a request that failed.
    private SlotPayout? Pay(SlotKey slot)
    {
        var record = _contract.Find(slot)!; // Only a slot that is ours is freed.
        if (_contract.StateOf(slot) == SlotState.Failed)
        {
            record.IsWrittenOff = true;
            return null;
        }

        record.IsPaid = true;
        var ask = _contract.Find(slot.RequestId)!.Request.Ask;
        return new SlotPayout(
            ask.PricePerBytePerSecond * ask.SlotSizeBytes * _time.ChainTime.SecondsSince(record.FilledAt),
            ask.CollateralPerByte * ask.SlotSizeBytes);
    }

    private TransactionLanded Landed(SlotPayout? payout = null) => new(_contract.Block, payout);

    private static TransactionRefused Refused(MarketRefusal refusal) => new(refusal, $"The contract refuses it: {refusal}.");

    private Task<bool> WaitUntilAsync(DateTimeOffset? moment, CancellationToken cancellationToken) => _open.WaitAsync(
        "an answer at its time",
        moment is { } at
            ? _time.CallAsync(at > _time.Now ? at - _time.Now : TimeSpan.Zero, () => true, cancellationToken)
            : ScheduledCalls.StallAsync<bool>(cancellationToken));
}
