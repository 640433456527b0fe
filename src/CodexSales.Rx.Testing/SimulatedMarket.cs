using System.Reactive.Linq;
using System.Runtime.CompilerServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Testing;

/// <summary>A <see cref="SimulatedChain"/> as one host sees it.</summary>
/// <remarks>
/// Every task completes on the chain's scheduler, never inside of the call, and what awaits it continues right there. A
/// cancelled token ends the task and its timer; a transaction that was sent lands all the same. What the contract
/// answers with an error (the end of a request that it does not know, a proof probability beyond its arithmetic) faults
/// with <see cref="MarketUnavailableException"/>.
/// </remarks>
public sealed class SimulatedMarket : IMarket
{
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarketOptions _options;
    private readonly Random _random;
    private DateTimeOffset _silentUntil = DateTimeOffset.MinValue;

    internal SimulatedMarket(SimulatedChain chain, Address host, SimulatedMarketOptions options)
    {
        ThrowIfUnknown(options.NodesBehind, chain.Options.MaxBlocksBehind);
        _chain = chain;
        _options = options;
        _random = new Random(options.Seed);
        Host = host;
        NodesBehind = DrawNode;
    }

    /// <summary>The host's account.</summary>
    public Address Host { get; }

    /// <summary>Decides, as often as this host calls, what goes wrong with the call. By default nothing does.</summary>
    public Func<MarketCall, MarketFault> Faults { get; set; } = _ => MarketFault.None;

    /// <summary>
    /// Decides, as often as this host asks, by how many blocks the node is behind that answers; null for as of the
    /// pending block. By default one of <see cref="SimulatedMarketOptions.NodesBehind"/>, by chance.
    /// </summary>
    public Func<MarketCall, int?> NodesBehind { get; set; }

    /// <inheritdoc/>
    public IObservable<MarketEvent> Events =>
        _chain.Events.DelayInOrder(_ => _silentUntil - _chain.Scheduler.Now, _chain.Scheduler);

    /// <inheritdoc/>
    public IObservable<BlockStamp> Heads => _chain.Heads.Where(_ => !IsSilent);

    private bool IsSilent => _chain.Scheduler.Now < _silentUntil;

    // What a transaction finds when it lands.
    private SimulatedContract Contract => _chain.Contract;

    /// <summary>
    /// Nothing is heard of the chain for a while, nor does it hear of this host: questions are not answered,
    /// transactions never land and are in doubt, events come when it is over, and of the blocks until then none is
    /// announced.
    /// </summary>
    /// <param name="span">For how long, from now on. What was sent before is told of all the same.</param>
    public void BeSilent(TimeSpan span) => _silentUntil = _chain.Scheduler.Now + span;

    /// <inheritdoc/>
    public Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
        AskAsync(null, _ => _chain.Options.Rules, cancellation);

    /// <inheritdoc/>
    public Task<StorageRequest?> GetRequestAsync(RequestId request, CancellationToken cancellation) =>
        AskAsync(null, view => view.Contract.FindRequest(request)?.Request, cancellation);

    /// <inheritdoc/>
    public Task<RequestState?> GetRequestStateAsync(RequestId request, CancellationToken cancellation) =>
        AskAsync(null, view => view.Contract.FindRequest(request)?.StateAt(view.At.Time), cancellation);

    /// <inheritdoc/>
    public Task<SlotState> GetSlotStateAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(slot, view => view.Contract.GetSlotState(view.At.Time, slot), cancellation);

    /// <inheritdoc/>
    public Task<bool> IsMineAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(slot, view => view.Contract.GetHost(slot) == Host, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedSlot>> GetMySlotsAsync(CancellationToken cancellation) =>
        AskAsync(null, view => view.Contract.GetSlotsOf(view.At.Time, Host), cancellation);

    /// <inheritdoc/>
    public Task<UInt256> GetFundsAsync(CancellationToken cancellation) =>
        AskAsync(null, view => view.Contract.Tokens.BalanceOf(Host), cancellation);

    /// <inheritdoc/>
    public Task<bool> CanReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        AskAsync(slot, view => view.Contract.CanReserve(view.At.Time, Host, slot), cancellation);

    /// <inheritdoc/>
    public Task<ProofDemand> GetProofDemandAsync(SlotKey slot, CancellationToken cancellation) => AskAsync(
        slot,
        view => view.Contract.FindProofDemand(view.At, slot)
            ?? throw new MarketUnavailableException("isProofRequired: panic 0x11, the proof probability is too large."),
        cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.ReserveSlot(at, Host, slot), cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.FillSlot(at, Host, slot, proof, allowance: collateral), cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, Groth16Proof proof, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.SubmitProof(at, Host, slot, proof), cancellation);

    /// <inheritdoc/>
    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellation) =>
        SendAsync(slot, at => Contract.FreeSlot(at, Host, slot), cancellation);

    private Task<T> AskAsync<T>(
        SlotKey? slot,
        Func<ChainView, T> answer,
        CancellationToken cancellation,
        [CallerMemberName] string name = "")
    {
        var call = new MarketCall(name, slot, _chain.Scheduler.Now);
        var fault = FaultOf(call);
        if (fault == MarketFault.Stalls)
        {
            return new TaskCompletionSource<T>().Task.UnlessCancelledAsync(cancellation);
        }

        var behind = NodesBehind(call);
        var isUnknown = _options.UnknownBlockPercent > 0 && _random.Next(100) < _options.UnknownBlockPercent;
        return _chain.Scheduler.CallAsync(
            _options.CallLatency,
            () => fault != MarketFault.None ? throw new MarketUnavailableException($"{name} was not answered.")
                : isUnknown ? throw new MarketUnavailableException($"{name}: the node does not know the block.")
                : answer(behind is { } blocks ? _chain.ViewBehind(blocks) : _chain.PendingView),
            cancellation);
    }

    private Task<TransactionOutcome> SendAsync(
        SlotKey slot,
        Func<BlockStamp, ContractReply> execute,
        CancellationToken cancellation,
        [CallerMemberName] string name = "")
    {
        if (cancellation.IsCancellationRequested)
        {
            return Task.FromCanceled<TransactionOutcome>(cancellation);
        }

        var fault = FaultOf(new MarketCall(name, slot, _chain.Scheduler.Now));
        if (fault == MarketFault.Stalls)
        {
            return new TaskCompletionSource<TransactionOutcome>().Task.UnlessCancelledAsync(cancellation);
        }

        if (fault == MarketFault.Late)
        {
            _ = _chain.SendAsync(execute, _options.TransactionLatency + _options.LateBy, Host);
        }

        var inDoubt = new TransactionInDoubt($"{name} was sent, and the answer is lost.");
        var outcome = _chain.SendAsync(
            fault switch
            {
                MarketFault.Lost or MarketFault.Late => _ => new ContractReply(inDoubt, []),
                MarketFault.Unconfirmed => at => execute(at) with { Outcome = inDoubt },
                MarketFault.Refused => _ => ContractReply.Refused(
                    MarketRefusal.Other, $"{name} was refused, as it was told to."),
                _ => execute,
            },
            _options.TransactionLatency,
            Host,
            _options.Confirmations + (fault == MarketFault.ReceiptLate ? _options.LateReceiptBlocks : 0));
        return outcome.UnlessCancelledAsync(cancellation);
    }

    private MarketFault FaultOf(MarketCall call) => IsSilent ? MarketFault.Lost : Faults(call);

    private int? DrawNode(MarketCall call) => _options.NodesBehind is [var only]
        ? only
        : _options.NodesBehind[_random.Next(_options.NodesBehind.Count)];

    private static void ThrowIfUnknown(IReadOnlyList<int?> nodesBehind, int most)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodesBehind.Count);
        foreach (var behind in nodesBehind)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(behind ?? 0);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(behind ?? 0, most);
        }
    }
}
