using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Testing;

/// <summary>The Marketplace contract on a chain of its own, in memory, on whatever clock a scheduler gives.</summary>
/// <remarks>
/// <para>
/// Blocks come every <see cref="SimulatedChainOptions.BlockSeconds"/> from the moment at which the chain is made. A
/// transaction lands in the first block after it was sent, in the order of sending. A block without transactions costs
/// nothing and is not announced. A block's head is announced first, then its events in order, then what became of each
/// transaction.
/// </para>
/// <para>
/// Validators mark missing proofs at the start of the first block after each period, if that is still before the proof
/// time-out.
/// </para>
/// <para>
/// Timers on the scheduler: one for each coming block that holds transactions, and one for the next look of the
/// validators as long as a slot is filled; one for each call under way. <see cref="Dispose"/> cancels all but those of
/// calls.
/// </para>
/// <para>Threading: everything runs on the scheduler, and must be called from it.</para>
/// </remarks>
public sealed partial class SimulatedChain : IDisposable
{
    private readonly BlockSchedule _blocks;
    private readonly EventHistory _history;
    private readonly Subject<BlockStamp> _heads = new();
    private readonly HashSet<Address> _hosts = [];
    private readonly SomeClient _someClient = new();

    // Replaced by a copy of what it was, when blocks are taken back.
    private SimulatedContract _contract;

    // The end of the period at whose proofs validators look next.
    private UnixSeconds? _periodEnd;

    /// <summary>A chain whose first block is now.</summary>
    /// <param name="scheduler">Gives the time; one that runs its work one piece at a time.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">Some option is outside of its range.</exception>
    public SimulatedChain(IScheduler scheduler, SimulatedChainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Options = options ?? new SimulatedChainOptions();
        OptionsCheck.ThrowIfInvalid(Options);
        Scheduler = scheduler;
        _contract = new SimulatedContract(Options);
        _history = new EventHistory(Options.MaxDurationSeconds);
        _blocks = new BlockSchedule(scheduler, Options, Land);
    }

    /// <summary>How the chain was set up.</summary>
    public SimulatedChainOptions Options { get; }

    /// <summary>
    /// The marketplace events: to each new subscriber first those of the past, at once, then every one as it comes. The
    /// past begins with the oldest request that can still be filled; what happened before is forgotten.
    /// </summary>
    public IObservable<MarketEvent> Events => _history.Events;

    /// <summary>The newest block to each new subscriber at once, then every block that holds a transaction.</summary>
    public IObservable<BlockStamp> Heads => Observable.Defer(() => _heads.StartWith(_blocks.Newest));

    /// <summary>
    /// All tokens there are. It grows with <see cref="Fund"/>, and where a record brings in tokens of others; never
    /// else.
    /// </summary>
    public UInt256 TotalSupply => _contract.Tokens.TotalSupply;

    internal IScheduler Scheduler { get; }

    internal SimulatedContract Contract => _contract;

    /// <summary>
    /// The block in which a transaction sent now would be asked about: the next one, at this moment's time.
    /// </summary>
    internal BlockStamp Pending => _blocks.Pending;

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
            _heads.OnNext(recorded.Block);
        }

        var events = _contract.Replay(recorded);
        foreach (var happened in events ?? [])
        {
            _history.Publish(happened);
        }

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

    private void Land(BlockStamp at, IReadOnlyList<PendingTransaction> transactions)
    {
        // The whole block is done before anybody is told of it.
        var events = Execute(at, transactions, out var marks);
        AwaitEndOfPeriod(at.Time);
        if (marks + transactions.Count > 0 && !_heads.IsDisposed)
        {
            _heads.OnNext(at);
        }

        events.ForEach(_history.Publish);
        foreach (var transaction in transactions)
        {
            Confirm(transaction, at);
        }
    }

    private List<MarketEvent> Execute(BlockStamp at, IReadOnlyList<PendingTransaction> transactions, out int marks)
    {
        var (before, periodEnd) = (Options.MaxReorganisation > 0 ? _contract.Copy() : null, _periodEnd);
        List<MarketEvent> events = [];
        marks = MarkMissingProofs(at, events);
        foreach (var transaction in transactions)
        {
            events.AddRange(transaction.Execute(at));
        }

        if (before is not null)
        {
            _landed.Add(new LandedBlock(at, before, periodEnd, [.. transactions], events));
            _landed.RemoveAll(block => block.At.Number + (ulong)Options.MaxReorganisation <= at.Number);
        }

        return events;
    }

    private void Confirm(PendingTransaction transaction, BlockStamp at)
    {
        if (transaction.Confirmations == 0)
        {
            transaction.Complete();
            return;
        }

        Scheduler.Schedule(TimeSpan.FromSeconds(transaction.Confirmations * Options.BlockSeconds), () =>
        {
            if (transaction.Block == at)
            {
                transaction.Complete();
            }
        });
    }

    private int MarkMissingProofs(BlockStamp at, List<MarketEvent> events)
    {
        var marks = 0;
        while (_periodEnd is { } end && at.Time > end)
        {
            var (count, losses) = _contract.MarkMissingProofs(at, end);
            marks += count;
            events.AddRange(losses);
            _periodEnd = _contract.HasWatchedSlots ? end.Plus(Options.Rules.ProofPeriodSeconds) : null;
        }

        return marks;
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
