using System.Reactive.Subjects;

namespace CodexSales.Rx.Testing.Chain;

/// <summary>The Marketplace contract on a chain of its own, in memory, on whatever clock a scheduler gives.</summary>
/// <remarks>
/// <para>
/// Blocks come every <see cref="SimulatedChainOptions.BlockSeconds"/>, from the moment at which the chain is made or
/// shortly before. A transaction lands in the first block after it was sent, in the order of sending. A block's head is
/// announced first, then its events in order, then what became of each transaction. A block that holds nothing costs
/// nothing while nobody listens to <see cref="Heads"/>.
/// </para>
/// <para>
/// Validators mark missing proofs at the start of the first block after each period, if that is still before the proof
/// time-out.
/// </para>
/// <para>
/// Timers on the scheduler: one for the next block that is to land, as long as <see cref="Heads"/> has subscribers,
/// transactions are on their way, or a slot is filled, which validators look at; and one for each call under way.
/// <see cref="Dispose"/> cancels all but those of calls.
/// </para>
/// <para>Threading: everything runs on the scheduler, and must be called from it.</para>
/// </remarks>
public sealed partial class SimulatedChain : IDisposable
{
    private readonly BlockSchedule _blocks;
    private readonly BlockHashes _hashes;
    private readonly EventHistory _history;
    private readonly Subject<BlockStamp> _heads = new();
    private readonly HashSet<Address> _hosts = [];
    private readonly SomeClient _someClient = new();

    // Replaced by a copy of what it was, when blocks are taken back.
    private SimulatedContract _contract;

    // The period of the block that was told last.
    private ulong _periodTold;

    // The end of the period at whose proofs validators look next.
    private UnixSeconds? _periodEnd;

    /// <summary>
    /// A chain whose first block is now; on a clock that stands before 1971, as one that nobody has set does, at
    /// <see cref="VirtualTime.Start"/>.
    /// </summary>
    /// <param name="scheduler">Gives the time; one that runs its work one piece at a time.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">Some option is outside of its range.</exception>
    public SimulatedChain(IScheduler scheduler, SimulatedChainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Options = options ?? new SimulatedChainOptions();
        OptionsCheck.ThrowIfInvalid(Options);
        Scheduler = scheduler;
        _hashes = new BlockHashes(Options.Seed);
        _history = new EventHistory(Options.MaxDurationSeconds);
        _blocks = new BlockSchedule(scheduler, Options, _hashes, Land);
        _contract = new SimulatedContract(
            Options,
            _hashes,
            unchecked((ulong)(_blocks.Newest.Time.Value / Options.BlockSeconds) - Options.FirstBlock));
    }

    /// <summary>The clock, as one who lives on the chain would set it.</summary>
    internal DateTimeOffset Clock => _blocks.Clock;

    /// <summary>How the chain was set up.</summary>
    public SimulatedChainOptions Options { get; }

    /// <summary>
    /// The marketplace events: to each new subscriber first those of the past, at once, then every one as it comes. The
    /// past begins with the oldest request that can still be filled; what happened before is forgotten.
    /// </summary>
    public IObservable<MarketEvent> Events =>
        _history.Events.Merge(Observable.Defer(() => Observable.Return(new BlockTold(_blocks.Newest))));

    /// <summary>
    /// The newest block to each new subscriber at once, then every block; of a record, the recorded ones, and the last of
    /// them once more at the beginning of each period in which there is no other.
    /// </summary>
    public IObservable<BlockStamp> Heads => Observable.Create<BlockStamp>(observer =>
    {
        observer.OnNext(_blocks.Newest);
        var subscription = _heads.Subscribe(observer);
        _blocks.AnnounceAll(true);
        return () =>
        {
            subscription.Dispose();
            _blocks.AnnounceAll(_heads.HasObservers);
        };
    });

    /// <summary>
    /// The newest block that can't be replaced any more: it is so many blocks deep as
    /// <see cref="SimulatedChainOptions.MaxReorganisation"/> says.
    /// </summary>
    public IObservable<BlockStamp> FinalHeads => Heads
        .Where(head => head.Number >= Options.FirstBlock + (ulong)Options.MaxReorganisation)
        .Select(head => Options.MaxReorganisation == 0 ? head : _blocks.StampOf(head.Number - (ulong)Options.MaxReorganisation))
        .DistinctUntilChanged();

    /// <summary>
    /// Whether nothing is on its way to a block, and no slot is filled: what comes by itself are empty blocks.
    /// </summary>
    public bool IsQuiet => _blocks.IsQuiet;

    /// <summary>How many timers it has on its scheduler for blocks: 1, or 0 when none is to land.</summary>
    public int TimerCount => _blocks.TimerCount;

    /// <summary>
    /// All tokens there are. It grows with <see cref="Fund"/>, and where a record brings in tokens of others; never
    /// else.
    /// </summary>
    public UInt256 TotalSupply => _contract.Tokens.TotalSupply;

    internal IScheduler Scheduler { get; }

    internal SimulatedContract Contract => _contract;

    /// <summary>
    /// The block in which a transaction sent now would be asked about: the next one, at this moment's time. It may get
    /// an earlier one where the chain stood still.
    /// </summary>
    internal BlockStamp Pending => _blocks.Pending;

    /// <summary>
    /// No block comes for a while. Then they come again, so many times as fast as they should until all are made up
    /// for: the time on the chain goes on from where it stood.
    /// </summary>
    /// <param name="span">For how long.</param>
    /// <param name="speed">
    /// How many times as fast as the clock the chain goes on, from 1. With 1 it stays behind for good.
    /// </param>
    /// <remarks>
    /// The pending block has the time of the clock meanwhile, as nodes have it: what is over by then may not be over in
    /// the block that comes. Not for the chain of a record.
    /// </remarks>
    public void Halt(TimeSpan span, int speed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(speed, 1);
        _blocks.Halt(span, speed);
    }

    /// <summary>How many tokens an account owns.</summary>
    public UInt256 BalanceOf(Address account) => _contract.Tokens.BalanceOf(account);

    /// <summary>Makes new tokens for an account.</summary>
    public void Fund(Address account, UInt256 amount)
    {
        _contract.Tokens.Mint(account, amount);
        _landed.ForEach(block => block.Before.Tokens.Mint(account, amount));
    }

    /// <summary>The state of a slot, as of now.</summary>
    public SlotState GetSlotState(SlotKey slot) => _contract.GetSlotState(Pending.Time, slot);

    /// <summary>Who fills or filled a slot; the zero address for nobody.</summary>
    public Address GetHost(SlotKey slot) => _contract.GetHost(slot);

    /// <summary>
    /// One host's view. The first view of a host owns <see cref="SimulatedChainOptions.HostFunds"/>; a later one with
    /// the same address is the same host after a restart, and goes on where the first one was.
    /// </summary>
    public SimulatedMarket ConnectHost(Address host, SimulatedMarketOptions? options = null)
    {
        if (_hosts.Add(host))
        {
            Fund(host, Options.HostFunds);
        }

        return new SimulatedMarket(this, host, options ?? new SimulatedMarketOptions());
    }

    /// <summary>
    /// Sends a request of some client that has the money for it, different from all others before. It lands with the
    /// next block; should the contract refuse it, the block throws.
    /// </summary>
    /// <returns>The id that the request will have.</returns>
    public RequestId RequestStorage(StorageAsk ask, ulong expirySeconds)
    {
        ArgumentNullException.ThrowIfNull(ask);
        var request = _someClient.Ask(ask, expirySeconds);
        if (SimulatedContract.TryGetPrice(ask, out var price))
        {
            Fund(request.Client, price);
        }

        _ = SendAsync(at => _contract.RequestStorage(at, request) is { Outcome: TransactionLanded } reply
            ? reply
            : throw new InvalidOperationException($"The contract refuses the request: {ask}."));
        return RequestId.Of(request);
    }

    /// <summary>Sends a client's request, which must be funded. The event comes with the block.</summary>
    public Task<TransactionOutcome> RequestStorageAsync(StorageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return SendAsync(at => _contract.RequestStorage(at, request));
    }

    /// <summary>Lets a request's client take back what was not spent. Source: <c>withdrawFunds</c>.</summary>
    public Task<TransactionOutcome> WithdrawFundsAsync(RequestId request) => SendAsync(at =>
        _contract.WithdrawFunds(at, _contract.FindRequest(request)?.Request.Client ?? default, request));

    /// <summary>
    /// Lets an event of a record happen as something that other hosts and clients did, whatever they had reserved and
    /// owned. The first call makes this the chain of the record.
    /// </summary>
    /// <param name="recorded">The next event of the record; the clock must have been moved to its block's time.</param>
    /// <returns>
    /// True when it happened here, too: it is published, with the record's block. A fulfilment or failure follows from
    /// the slots, is published with the event that brings it about, and not again when the record tells it. False, and
    /// nothing is published, when it can't have happened: a host of ours fills that slot, the request is unknown, or it
    /// is in no such state. A <see cref="Reverted"/> never happens here.
    /// </returns>
    /// <exception cref="ArgumentException">The record goes back in time or in block numbers.</exception>
    /// <remarks>
    /// From then on block numbers are the record's. A transaction of a host of ours lands as soon as it has reached the
    /// chain, with the last recorded block's number and the clock's time. Proofs go on by the clock, also after the
    /// record's end; validators leave the slots of the record's hosts alone, whose fate the record tells. Set
    /// <see cref="SimulatedChainOptions.FirstBlock"/> to the record's first block, so that heads don't go back.
    /// </remarks>
    public bool Replay(MarketEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        if (_blocks.Follow(recorded.Block))
        {
            TellHead(recorded.Block);
        }

        var events = _contract.Replay(recorded);
        foreach (var happened in events ?? [])
        {
            _history.Publish(happened);
        }

        _history.Publish(new BlockTold(_blocks.Newest));
        return events is not null;
    }

    /// <summary>
    /// Cancels the timers of coming blocks: no block lands and nobody is told anything any more; what was sent stays
    /// open.
    /// </summary>
    public void Dispose()
    {
        _blocks.Dispose();
        _heads.Dispose();
        _history.Dispose();
    }

    internal Task<TransactionOutcome> SendAsync(
        Func<BlockStamp, ContractReply> execute,
        TimeSpan latency = default,
        Address? sender = null,
        ulong confirmations = 0)
    {
        var transaction = new PendingTransaction(execute, sender, confirmations);
        _blocks.Add(transaction, latency);
        return transaction.Outcome;
    }

    private void Land(BlockStamp at, ComingBlock block)
    {
        // The whole block is done before anybody is told of it.
        var events = Execute(at, block.Transactions);
        AwaitEndOfPeriod(at.Time);
        if (!_heads.IsDisposed && (!_blocks.IsRecord || PeriodOf(at) != _periodTold))
        {
            TellHead(at);
        }

        events.ForEach(_history.Publish);
        _history.Publish(new BlockTold(at));
        foreach (var transaction in block.Transactions)
        {
            Confirm(transaction);
        }

        foreach (var (transaction, number) in block.Confirmed)
        {
            if (transaction.Block?.Number == number)
            {
                transaction.Complete();
            }
        }
    }

    // A block of a record that is told again would read as one that is replaced: it is, once in a period that has no other.
    private void TellHead(BlockStamp head)
    {
        _periodTold = PeriodOf(head);
        _heads.OnNext(head);
    }

    private ulong PeriodOf(BlockStamp block) => block.Time.Value / Options.Rules.ProofPeriodSeconds;

    private List<MarketEvent> Execute(BlockStamp at, List<PendingTransaction> transactions)
    {
        List<MarketEvent> events = [];
        if (transactions.Count == 0 && !(at.Time > _periodEnd))
        {
            return events;
        }

        var kept = Math.Max(Options.MaxReorganisation, Options.MaxBlocksBehind);
        var (before, periodEnd) = (kept > 0 ? _contract.Copy() : null, _periodEnd);
        MarkMissingProofs(at, events);
        foreach (var transaction in transactions)
        {
            events.AddRange(transaction.Execute(at));
        }

        if (before is not null)
        {
            _landed.Add(new LandedBlock(at, before, periodEnd, [.. transactions], events));
            _landed.RemoveAll(block => block.At.Number + (ulong)kept <= at.Number);
        }

        return events;
    }

    private void Confirm(PendingTransaction transaction)
    {
        if (transaction.Confirmations == 0)
        {
            transaction.Complete();
        }
        else
        {
            _blocks.Confirm(transaction, transaction.Confirmations);
        }
    }

    private void MarkMissingProofs(BlockStamp at, List<MarketEvent> events)
    {
        while (_periodEnd is { } end && at.Time > end)
        {
            events.AddRange(_contract.MarkMissingProofs(at, end).Events);
            _periodEnd = _contract.HasWatchedSlots ? end.Plus(Options.Rules.ProofPeriodSeconds) : null;
        }
    }

    private void AwaitEndOfPeriod(UnixSeconds now)
    {
        if (_contract.HasWatchedSlots)
        {
            _periodEnd ??= _contract.GetPeriodEnd(now);
            _blocks.EnsureBlockAfter(_periodEnd.Value);
        }
    }
}
