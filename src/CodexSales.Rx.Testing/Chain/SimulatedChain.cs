namespace CodexSales.Rx.Testing.Chain;

/// <summary>The Marketplace contract on a chain of its own, in memory, on whatever clock a scheduler gives.</summary>
/// <remarks>
/// Blocks come every <see cref="SimulatedChainOptions.BlockSeconds"/>. A transaction lands in the first block after it was
/// sent, in the order of sending. A block's head is told first, then its events, then the outcomes. Validators mark missing
/// proofs in the first block after each period, before the proof time-out. Timers: one for the next block while
/// <see cref="Heads"/> has subscribers, transactions are on their way or a slot is filled, and one for each call under way,
/// which <see cref="Dispose"/> leaves. Threading: everything runs on the scheduler, and must be called from it.
/// </remarks>
public sealed partial class SimulatedChain : IDisposable
{
    // Source: geth, which keeps the states of its newest 128 blocks unless it is told otherwise.
    private const ulong BlocksWithState = 128;

    private readonly BlockSchedule _blocks;
    private readonly BlockHashes _hashes;
    private readonly EventHistory _history;
    private readonly Subject<BlockStamp> _heads = new();
    private readonly HashSet<Address> _hosts = [];
    private readonly SomeClient _someClient = new();

    // Replaced by a copy of what it was, when blocks are taken back.
    private SimulatedContract _contract;

    /// <summary>A chain whose first block is now, or on a clock before 1971 at <see cref="VirtualTime.Start"/>.</summary>
    /// <param name="scheduler">Gives the time; one that runs its work one piece at a time.</param>
    /// <param name="options">The defaults when null.</param>
    /// <exception cref="ArgumentException">Some option is outside of its range.</exception>
    public SimulatedChain(IScheduler scheduler, SimulatedChainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Options = options ?? new SimulatedChainOptions();
        Options.Validate();
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

    /// <summary>The chain's setup.</summary>
    public SimulatedChainOptions Options { get; }

    /// <summary>
    /// The marketplace events: to a new subscriber those of the past at once, from the oldest request that can still be
    /// filled on; then every one as it comes.
    /// </summary>
    public IObservable<MarketEvent> Events =>
        _history.Events.Merge(Observable.Defer(() => Observable.Return(new BlockTold(_blocks.Newest))));

    /// <summary>
    /// The newest block to a new subscriber at once, then every block. While a record is replayed: the blocks of the record, and in a
    /// period that has none, the last one again at its beginning.
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

    /// <summary>The newest block that is too deep to be replaced: <c>MaxReorganisation</c> blocks.</summary>
    public IObservable<BlockStamp> FinalHeads => Heads
        .Where(head => head.Number >= Options.FirstBlock + (ulong)Options.MaxReorganisation)
        .Select(head => Options.MaxReorganisation == 0 ? head : _blocks.StampOf(head.Number - (ulong)Options.MaxReorganisation))
        .DistinctUntilChanged();

    /// <summary>True if no transaction is on its way and no slot is filled: only empty blocks are to come.</summary>
    public bool IsQuiet => _blocks.IsQuiet;

    /// <summary>The number of its timers for blocks: 1, or 0 when none is to land.</summary>
    public int TimerCount => _blocks.TimerCount;

    /// <summary>All tokens there are. Only <see cref="Fund"/> and events of a record make more.</summary>
    public UInt256 TotalSupply => _contract.Tokens.TotalSupply;

    internal IScheduler Scheduler { get; }

    internal SimulatedContract Contract => _contract;

    // Its time is not fixed before it lands: while the chain stands still it may turn out earlier.
    internal BlockStamp Pending => _blocks.Pending;

    /// <summary>Halts blocks for a while; then they come faster, from the time at which they stood.</summary>
    /// <param name="span">For how long.</param>
    /// <param name="speed">How many times as fast as the clock, from 1. With 1 it stays behind for good.</param>
    /// <remarks>The pending block keeps the clock's time, as on nodes. Not for the chain of a record.</remarks>
    public void Halt(TimeSpan span, int speed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(speed, 1);
        _blocks.Halt(span, speed);
    }

    /// <summary>The tokens of an account.</summary>
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
    /// One host's view. It owns <see cref="SimulatedChainOptions.HostFunds"/> at first; a later view with the same
    /// address is the same host after a restart.
    /// </summary>
    public SimulatedMarket ConnectHost(Address host, SimulatedMarketOptions? options = null)
    {
        if (_hosts.Add(host))
        {
            Fund(host, Options.HostFunds);
        }

        return new SimulatedMarket(this, host, options ?? new SimulatedMarketOptions());
    }

    /// <summary>Sends a new request of a client with enough money. The block throws if it is refused.</summary>
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
    /// Lets a recorded event happen as the act of other hosts and clients, whatever they had reserved and owned. The
    /// first call makes this the chain of the record.
    /// </summary>
    /// <param name="recorded">The next event of the record; the clock must have been moved to its block's time.</param>
    /// <returns>
    /// True when it happened here too: it is published, with the record's block. A fulfilment or failure is published
    /// with the event that causes it, not again when the record tells it. False, and nothing is published, when it
    /// can't have happened: a host of ours fills that slot, or the request is unknown or in another state, or it is a
    /// <see cref="Reverted"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The record goes back in time or in block numbers.</exception>
    /// <remarks>
    /// From then on block numbers are the record's; a transaction of our hosts lands on arrival, in the last recorded
    /// block and at the clock's time. Proofs go on by the clock; validators leave the record's hosts alone. Set
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

    /// <summary>Cancels the timer of blocks: nothing lands or is told any more; tasks stay open.</summary>
    public void Dispose()
    {
        _blocks.Dispose();
        _heads.Dispose();
        _history.Dispose();
    }

    /// <summary>The newest block.</summary>
    public BlockStamp NewestBlock => _blocks.Newest;

    /// <summary>The block that has a number now.</summary>
    internal BlockStamp StampOf(ulong number) => _blocks.StampOf(number);

    /// <summary>True if another block has taken a block's place; never in a record, which has its own hashes.</summary>
    internal bool IsReplaced(BlockStamp block) =>
        !_blocks.IsRecord && block.Hash != default && block.Hash != _hashes.Of(block.Number);

    /// <summary>The answer of a node so far behind; null if the block is unknown, replaced or pruned.</summary>
    /// <remarks>Later writes are left out for <see cref="SimulatedChainOptions.MaxReorganisation"/> or
    /// <see cref="SimulatedChainOptions.MaxBlocksBehind"/> blocks; older blocks are answered from today's state, at
    /// their own time.</remarks>
    internal ChainView? FindView(BlockStamp asOf, int behind) =>
        asOf.Number + (ulong)behind > _blocks.Newest.Number
            || asOf.Number + BlocksWithState < _blocks.Newest.Number
            || IsReplaced(asOf)
            ? null
            : new ChainView(asOf, StateAfter(asOf));

    // The state before the first of the later blocks.
    private SimulatedContract StateAfter(BlockStamp at)
    {
        foreach (var block in _landed)
        {
            if (block.At.Number > at.Number)
            {
                return block.Before;
            }
        }

        return _contract;
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
}
