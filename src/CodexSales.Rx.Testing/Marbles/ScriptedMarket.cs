using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>
/// The market of a specification: every answer comes at the same instant, unless the specification says otherwise.
/// </summary>
internal sealed class ScriptedMarket : IMarket, IDisposable
{
    private static readonly MarketRules Rules = new()
    {
        RepairRewardPercent = 10,
        ProofPeriodSeconds = 1,
        ProofTimeoutSeconds = 1,
        ProofDowntimeBlocks = 64,
    };

    private readonly VirtualTime _time;
    private readonly ScriptedContract _contract;
    private readonly OpenCalls _open;
    private readonly EventHistory _events = new(ulong.MaxValue / 2);
    private readonly Queue<MarketEvent> _unheard = new();
    private readonly Dictionary<ScriptedPort, PortSwitch> _transactions = new()
    {
        [ScriptedPort.Reserve] = new(),
        [ScriptedPort.Fill] = new(),
        [ScriptedPort.Submit] = new(),
        [ScriptedPort.Free] = new(),
    };

    private bool _isLost;

    public ScriptedMarket(VirtualTime time, ScriptedContract contract, OpenCalls open)
    {
        (_time, _contract, _open) = (time, contract, open);
        contract.Publish = Hear;
    }

    public ulong ProofPeriodSeconds { get; init; } = 1;

    /// <summary>What becomes of a sale by its script; null where sales go as the ports answer.</summary>
    public ScriptedSales? Scripts { get; set; }

    /// <summary>Told of each transaction as it is sent.</summary>
    public Action<string, SlotKey> Sent { get; set; } = (_, _) => { };

    public IObservable<MarketEvent> Events => _open.Watch("the market's events", _events.Events);

    public IObservable<BlockStamp> Heads =>
        _open.Watch("the market's heads", Observable.Return(_contract.Block).Concat(Observable.Never<BlockStamp>()));

    public void Set(ScriptedPort transaction, PortMode mode) => _transactions[transaction].Set(mode);

    public void SetConnection(bool isLost)
    {
        _isLost = isLost;
        while (!isLost && _unheard.TryDequeue(out var happened))
        {
            _events.Publish(happened);
        }
    }

    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        AskAsync(() => Rules with { ProofPeriodSeconds = ProofPeriodSeconds });

    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        AskAsync(() => _contract.Find(request)?.Request);

    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        AskAsync(() => _contract.Find(request)?.StateAt(_time.ChainTime));

    public async Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation)
    {
        if (Scripts?.PreparedAt(slot) is { } at)
        {
            await WaitUntilAsync(at, cancellation).ConfigureAwait(false);
        }

        return await AskAsync(() => _contract.StateOf(slot)).ConfigureAwait(false);
    }

    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(() => _contract.Find(slot) is { Holder: SlotHolder.Us });

    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) => AskAsync(() => UInt256.MaxValue);

    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        AskAsync(_contract.MySlots);

    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(() => _contract.Find(slot) is { IsFullyReserved: false });

    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(() => new ProofDemand(_contract.AreProofsWanted, false, 0, default));

    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        SendAsync(ScriptedPort.Reserve, slot, MarketRefusal.ReservationNotAllowed, () => null, cancellation);

    public async Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation)
    {
        Sent("fill", slot);
        if (Scripts is not null)
        {
            await WaitUntilAsync(Scripts.FilledAt(slot), cancellation).ConfigureAwait(false);
        }

        return await LandAsync(
            ScriptedPort.Fill,
            slot,
            MarketRefusal.SlotNotFree,
            () =>
            {
                _contract.Fill(slot, SlotHolder.Us);
                return null;
            },
            cancellation).ConfigureAwait(false);
    }

    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        SendAsync(ScriptedPort.Submit, slot, MarketRefusal.InvalidProof, () => null, cancellation);

    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        SendAsync(ScriptedPort.Free, slot, MarketRefusal.Other, () => Pay(slot), cancellation);

    public void Dispose()
    {
        _events.Dispose();
        foreach (var each in _transactions.Values)
        {
            each.Dispose();
        }
    }

    private void Hear(MarketEvent happened)
    {
        if (_isLost)
        {
            _unheard.Enqueue(happened);
        }
        else
        {
            _events.Publish(happened);
        }
    }

    private Task<T> AskAsync<T>(Func<T> answer, [CallerMemberName] string question = "") => _isLost
        ? Task.FromException<T>(new MarketUnavailableException($"{question} was not answered."))
        : Task.FromResult(answer());

    private Task<TransactionOutcome> SendAsync(
        ScriptedPort port, SlotKey slot, MarketRefusal refusal, Func<SlotPayout?> land, CancellationToken cancellation)
    {
        Sent(port.ToString().ToLowerInvariant(), slot);
        return LandAsync(port, slot, refusal, land, cancellation);
    }

    private async Task<TransactionOutcome> LandAsync(
        ScriptedPort port, SlotKey slot, MarketRefusal refusal, Func<SlotPayout?> land, CancellationToken cancellation)
    {
        var mode = await _open.WaitAsync($"a transaction: {port} {slot}", _transactions[port].AnswerAsync(cancellation))
            .ConfigureAwait(false);
        if (mode == PortMode.Fails)
        {
            return new TransactionRefused(refusal, $"The contract refuses it: {refusal}.");
        }

        if (mode == PortMode.Lost || _isLost)
        {
            return new TransactionInDoubt("It was sent, and never heard of again.");
        }

        var payout = land();
        return mode == PortMode.Unconfirmed
            ? new TransactionInDoubt("It was sent, and the answer is lost.")
            : new TransactionLanded(_contract.Block, payout);
    }

    // What the contract pays for the time that the slot was filled. Nothing for a request that failed.
    private SlotPayout? Pay(SlotKey slot)
    {
        var record = _contract.Find(slot)!; // Only a slot that is ours is freed.
        var ask = _contract.Find(slot.RequestId)!.Request.Ask;
        var isFailed = _contract.StateOf(slot) == SlotState.Failed;
        record.IsPaid = true;
        return isFailed ? null : new SlotPayout(
            ask.PricePerBytePerSecond * ask.SlotSizeBytes * _time.ChainTime.SecondsSince(record.FilledAt),
            ask.CollateralPerByte * ask.SlotSizeBytes);
    }

    private Task<bool> WaitUntilAsync(DateTimeOffset? moment, CancellationToken cancellation) => _open.WaitAsync(
        "an answer at its time",
        moment is { } at
            ? _time.CallAsync(at > _time.Now ? at - _time.Now : TimeSpan.Zero, () => true, cancellation)
            : new TaskCompletionSource<bool>().Task.UnlessCancelledAsync(cancellation));
}
