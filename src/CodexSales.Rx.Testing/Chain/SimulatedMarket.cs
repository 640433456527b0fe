using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Testing.Chain;

/// <summary>A <see cref="SimulatedChain"/> as one host sees it.</summary>
/// <remarks>
/// Tasks complete on the chain's scheduler, never inside of the call. A cancelled token ends the task and its timer; a
/// transaction that was sent lands all the same. Questions that the contract answers with an error fault with
/// <see cref="MarketUnavailableException"/>.
/// </remarks>
public sealed class SimulatedMarket : IMarket
{
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarketOptions _options;
    private readonly Random _random;

    // Blocks and events are heard of when the first of the nodes knows them.
    private readonly int _leastBehind;
    private DateTimeOffset _silentUntil = DateTimeOffset.MinValue;

    internal SimulatedMarket(SimulatedChain chain, Address host, SimulatedMarketOptions options)
    {
        ThrowIfUnknown(options.NodesBehind, chain.Options.MaxBlocksBehind);
        _chain = chain;
        _options = options;
        _random = new Random(options.Seed);
        Host = host;
        NodesBehind = DrawNode;
        _leastBehind = options.NodesBehind.Min();
    }

    /// <summary>The host's account.</summary>
    public Address Host { get; }

    /// <summary>Decides, as often as this host calls, what goes wrong with the call. By default nothing does.</summary>
    public Func<MarketCall, MarketFault> Faults { get; set; } = _ => MarketFault.None;

    /// <summary>Decides for each question how far its node is behind. By default random, of the options'.</summary>
    public Func<MarketCall, int> NodesBehind { get; set; }

    /// <inheritdoc/>
    public IObservable<MarketEvent> Events => (_leastBehind == 0 ? _chain.Events : KnownEvents)
        .DelayInOrder(_ => _silentUntil - _chain.Scheduler.Now, _chain.Scheduler);

    private IObservable<MarketEvent> KnownEvents => Observable.Create<MarketEvent>(observer =>
    {
        var waiting = new Queue<MarketEvent>();
        return StableCompositeDisposable.Create(
            _chain.Events.Subscribe(happened =>
            {
                waiting.Enqueue(happened);
                Tell(_chain.NewestBlock);
            }),
            _chain.Heads.Subscribe(Tell));

        void Tell(BlockStamp head)
        {
            while (waiting.TryPeek(out var first) && first.Block.Number + (ulong)_leastBehind <= head.Number)
            {
                observer.OnNext(waiting.Dequeue());
            }
        }
    });

    /// <inheritdoc/>
    public IObservable<BlockStamp> Heads => Observable.Defer(() =>
    {
        // A replaced block is told first, by its new hash.
        var last = default(BlockStamp?);
        return _chain.Heads.Where(_ => !IsSilent).Select(Known).DistinctUntilChanged().SelectMany(head =>
        {
            var before = last;
            last = head;
            return before is { } told && told.Number < head.Number && _chain.IsReplaced(told)
                ? new[] { _chain.StampOf(told.Number), head }
                : [head];
        });
    });

    /// <inheritdoc/>
    public IObservable<BlockStamp> FinalHeads => _chain.FinalHeads
        .Where(_ => !IsSilent)
        .Select(final => Before(final, Math.Max(0, _leastBehind - _chain.Options.MaxReorganisation)))
        .DistinctUntilChanged();

    // A node that is behind does not hear that blocks were replaced which it did not know.
    private BlockStamp Known(BlockStamp head) =>
        _leastBehind > 0 && Before(_chain.NewestBlock, _leastBehind) is var newest && newest.Number < head.Number ? newest : head;

    private BlockStamp Before(BlockStamp block, int blocks) => blocks == 0
        ? block
        : _chain.StampOf(Math.Max(block.Number - (ulong)blocks, _chain.Options.FirstBlock));

    private bool IsSilent => _chain.Scheduler.Now < _silentUntil;

    // The state that a transaction finds when it lands.
    private SimulatedContract Contract => _chain.Contract;

    /// <summary>
    /// Cuts this host off for a while: questions fail, transactions never land and are in doubt, events come when it is
    /// over, and blocks until then are never announced.
    /// </summary>
    /// <param name="span">For how long, from now on. What was sent before is told of all the same.</param>
    public void BeSilent(TimeSpan span) => _silentUntil = _chain.Scheduler.Now + span;

    /// <inheritdoc/>
    public Task<MarketRules> GetRulesAsync(CancellationToken cancellationToken = default) =>
        AskAsync(null, null, _ => _chain.Options.Rules, cancellationToken);

    /// <inheritdoc/>
    public Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        AskAsync(slot, asOf, view => view.Contract.GetView(view.At, slot), cancellationToken);

    /// <inheritdoc/>
    public Task<SlotOffer> GetOfferAsync(
        SlotKey slot, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        AskAsync(slot, asOf, view => view.Contract.GetOffer(view.At, Host, slot), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SlotId>> GetMySlotsAsync(
        BlockStamp asOf, CancellationToken cancellationToken = default) =>
        AskAsync(null, asOf, view => view.Contract.GetSlotIdsOf(Host), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<HostedSlot>> GetHostedSlotsAsync(
        IReadOnlyList<SlotId> slots, BlockStamp asOf, CancellationToken cancellationToken = default) =>
        AskAsync(null, asOf, view => view.Contract.GetHostedSlots(view.At.Time, slots), cancellationToken);

    /// <inheritdoc/>
    public Task<TransactionOutcome> ReserveSlotAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        SendAsync(slot, at => Contract.ReserveSlot(at, Host, slot), cancellationToken);

    /// <inheritdoc/>
    public Task<TransactionOutcome> FillSlotAsync(
        SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellationToken = default) =>
        SendAsync(slot, at => Contract.FillSlot(at, Host, slot, proof, allowance: collateral), cancellationToken);

    /// <inheritdoc/>
    public Task<TransactionOutcome> SubmitProofAsync(
        SlotKey slot, ulong period, Groth16Proof proof, CancellationToken cancellationToken = default) =>
        SendAsync(slot, at => Contract.SubmitProof(at, Host, slot, proof), cancellationToken);

    /// <inheritdoc/>
    public Task<TransactionOutcome> FreeSlotAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        SendAsync(slot, at => Contract.FreeSlot(at, Host, slot), cancellationToken);

    private Task<T> AskAsync<T>(
        SlotKey? slot,
        BlockStamp? asOf,
        Func<ChainView, T> answer,
        CancellationToken cancellationToken,
        [CallerMemberName] string name = "")
    {
        var call = new MarketCall(name, slot, _chain.Scheduler.Now);
        var fault = FaultOf(call);
        if (fault == MarketFault.Stalls)
        {
            return ScheduledCalls.StallAsync<T>(cancellationToken);
        }

        var behind = NodesBehind(call);
        var isUnknown = _options.UnknownBlockPercent > 0 && _random.Next(100) < _options.UnknownBlockPercent;
        return _chain.Scheduler.CallAsync(
            _options.CallLatency,
            () => fault != MarketFault.None ? throw new MarketUnavailableException($"{name} was not answered.")
                : isUnknown ? throw new MarketUnavailableException($"{name}: the node does not know the block.")
                : answer(_chain.FindView(asOf ?? _chain.NewestBlock, asOf is null ? 0 : behind)
                    ?? throw new MarketUnavailableException($"{name}: the node does not know block {asOf?.Number}.")),
            cancellationToken);
    }

    private Task<TransactionOutcome> SendAsync(
        SlotKey slot,
        Func<BlockStamp, ContractReply> execute,
        CancellationToken cancellationToken,
        [CallerMemberName] string name = "")
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<TransactionOutcome>(cancellationToken);
        }

        var fault = FaultOf(new MarketCall(name, slot, _chain.Scheduler.Now));
        if (fault == MarketFault.Stalls)
        {
            return ScheduledCalls.StallAsync<TransactionOutcome>(cancellationToken);
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
            Math.Max(_options.Confirmations, (ulong)_leastBehind) // No node knows of it before it knows its block.
                + (fault == MarketFault.ReceiptLate ? _options.LateReceiptBlocks : 0));
        return outcome.UnlessCancelledAsync(cancellationToken);
    }

    private MarketFault FaultOf(MarketCall call) => IsSilent ? MarketFault.Lost : Faults(call);

    private int DrawNode(MarketCall call) => _options.NodesBehind is [var only]
        ? only
        : _options.NodesBehind[_random.Next(_options.NodesBehind.Count)];

    private static void ThrowIfUnknown(IReadOnlyList<int> nodesBehind, int most)
    {
        ArgumentOutOfRangeException.ThrowIfZero(nodesBehind.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(nodesBehind.Min());
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodesBehind.Max(), most);
    }
}
