using System.Reactive.Subjects;
using System.Runtime.ExceptionServices;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>Sends the transactions of one account, the most urgent first, each with the next nonce, and watches them
/// all until they are deep in the chain. See decision 0010.</summary>
/// <remarks><para> It works in beats, one after another. A beat is one message to the node and the consequences of the
/// answers: it sends the transactions that the beat before has signed, estimates new wishes and looks for those in
/// flight. Then it signs the next ones, and notes them in one commit of the journal. So a transaction takes two beats,
/// however many there are. </para> <para> With every new block, and when none comes for a while, transactions in flight
/// are looked for, sent again, replaced or cancelled. </para></remarks>
internal sealed partial class TransactionManager : IDisposable
{
    private readonly IRpcTransport _transport;
    private readonly ISigner _signer;
    private readonly SendingAccount _sender;
    private readonly ITransactionJournal _journal;
    private readonly TransactionOptions _options;
    private readonly IScheduler _scheduler;
    private readonly IStopwatch _clock;
    private readonly GasEstimator _estimator;
    private readonly ContractCaller _caller;
    private readonly FeeMarket _fees;
    private readonly RevertReplay _replay;
    private readonly NonceSearch _search;
    private readonly SpendLedger _spent;
    private readonly AsyncLock _turns = new();
    private readonly Lock _inboxGate = new();
    private readonly List<Wish> _inbox = [];
    private readonly List<Wish> _waiting = [];
    private readonly SortedDictionary<ulong, OpenTransaction> _open = [];
    private readonly Subject<TransactionNotice> _notices = new();
    private readonly CancellationTokenSource _life = new();
    private readonly CancellationToken _isOver;
    private readonly SerialDisposable _timer = new();
    private readonly CompositeDisposable _heads;
    private readonly ToldChain _chain = new();
    private TimeSpan _lookedAt;
    private bool _isLoaded;
    private bool _isSettling;
    private int _isPassWanted;
    private int _isWoken;

    public TransactionManager(
        IRpcTransport transport,
        ISigner signer,
        ulong chainId,
        ITransactionJournal journal,
        TransactionOptions options,
        IObservable<BlockStamp> heads,
        IObservable<BlockStamp> finalHeads,
        IScheduler scheduler)
    {
        (_transport, _signer, _journal, _options, _scheduler) = (transport, signer, journal, options, scheduler);
        _sender = new SendingAccount(chainId, signer.Account);
        _isOver = _life.Token;
        _estimator = new GasEstimator(transport);
        _clock = scheduler.StartStopwatch();
        _caller = new ContractCaller(transport);
        _fees = new FeeMarket(transport, signer.Account, options, scheduler);
        _replay = new RevertReplay(transport, signer.Account);
        _search = new NonceSearch(transport, signer.Account);
        _spent = new SpendLedger(options);

        // The intake tells of an error of the heads; then the timer watches the transactions in flight.
        _heads = new CompositeDisposable(
            heads.Subscribe(ObserveHead, _ => { }), finalHeads.Subscribe(_chain.TellFinal, _ => { }));
        WantPass();
    }

    /// <summary>What happens to transactions. Notifies one at a time; ends when the manager is disposed.</summary>
    public IObservable<TransactionNotice> Notices => _notices.AsObservable();

    /// <summary>The newest block that was told, or found to hold a transaction; null before the first one.</summary>
    public BlockStamp? Newest => _chain.Newest;

    /// <inheritdoc cref="FeeMarket.Price"/>
    public GasPrice? GasPrice => _fees.Price;

    /// <summary>The fees of what ended in the last 24 hours, in wei. From any thread.</summary>
    public UInt256 SpentInADay => _spent.Spent(_scheduler.Now);

    /// <summary>The length of a proof period in seconds; 0 until it is known: so long proofs from before a restart,
    /// which may be late, are not sent again.</summary>
    public ulong ProofPeriodSeconds
    {
        get;
        set
        {
            field = value;
            WantPass();
        }
    }

    private ulong Head => _chain.Head?.Number ?? 0;

    private Moment Moment => new(Head, _clock.Elapsed);

    /// <summary>Sends a transaction, or joins the one in flight for the same purpose, and waits until it is mined, or
    /// can't be. The token ends the wait, not the transaction.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the manager disposed.</exception>
    public async Task<TransactionReply> SubmitAsync(TransactionIntent intent, CancellationToken cancellationToken)
    {
        ThrowIfOver();
        var wish = new Wish(intent, _clock.Elapsed + _options.PrepareDeadline, cancellationToken);
        lock (_inboxGate)
        {
            _inbox.Add(wish);
        }

        Wake();
        var step = await wish.WaitAsync(_isOver).ConfigureAwait(false);
        return step.Open is { } open
            ? await open.WaitAsync(_options.InclusionTimeout, _scheduler, cancellationToken).ConfigureAwait(false) with
            {
                HasJoined = step.HasJoined,
            }
            : step.Reply!;
    }

    /// <summary>Sends nothing new from now on, and waits until transactions in flight are mined, but no longer than
    /// patience lasts. Later wishes wait until they are cancelled, or the manager is disposed.</summary>
    /// <returns>The purposes that are in no block even so.</returns>
    public async Task<IReadOnlyList<TransactionPurpose>> SettleAsync(TimeSpan patience)
    {
        List<OpenTransaction> flying;
        using (await _turns.EnterAsync().ConfigureAwait(false))
        {
            ThrowIfOver();
            _isSettling = true;
            flying = [.. _open.Values.Where(open => !open.IsConcluded)];
        }

        await Task.WhenAll(flying.Select(open => open.WaitAsync(patience, _scheduler, _isOver))).ConfigureAwait(false);
        return [.. flying.Where(open => !open.IsConcluded).Select(open => open.Purpose)];
    }

    /// <summary>Stops: transactions in flight are told to be in doubt, and stand in the journal.</summary>
    public void Dispose()
    {
        if (!_life.IsCancellationRequested)
        {
            _heads.Dispose();
            _timer.Dispose();
            _life.Cancel();
            _ = StopAsync();
        }
    }

    // A running beat ends first, now that its questions are cancelled.
    private async Task StopAsync()
    {
        using var turn = await _turns.EnterAsync().ConfigureAwait(false);
        foreach (var open in _open.Values.Where(open => !open.IsConcluded))
        {
            var said = $"{open.Purpose} is in flight, and is watched no more.";
            open.Conclude(TransactionReply.InDoubt(said), _scheduler);
        }

        _notices.OnCompleted();
        _notices.Dispose();
        _life.Dispose();
    }

    private void ThrowIfOver()
    {
        if (_life.IsCancellationRequested)
        {
            throw new OperationCanceledException("The manager of transactions was disposed.");
        }
    }

    private void ObserveHead(BlockStamp head)
    {
        _chain.TellHead(head);
        WantPass();
    }

    private void WantPass()
    {
        Volatile.Write(ref _isPassWanted, 1);
        Wake();
    }

    // However often it is woken before it runs, it runs once: wishes of the same moment go out together.
    private void Wake()
    {
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            _scheduler.Schedule(() => _ = RunAsync());
        }
    }

    private async Task RunAsync()
    {
        try
        {
            using var turn = await _turns.EnterAsync().ConfigureAwait(false);
            Volatile.Write(ref _isWoken, 0);
            while (!_life.IsCancellationRequested && await BeatAsync().ConfigureAwait(false))
            {
                // The next message has all that has come up meanwhile.
            }

            SetTimer();
        }
        catch (OperationCanceledException) when (_life.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
        catch (Exception bug)
        {
            // A fault of ours must be heard: nobody awaits this task, so the scheduler gets it.
            _scheduler.Schedule(() => ExceptionDispatchInfo.Throw(bug));
        }
    }

    // Heads wake it, too; the timer is for their absence, and for tries again.
    private void SetTimer()
    {
        var now = _clock.Elapsed;
        var isInFlight = !_isLoaded || _open.Values.Any(open => open.Receipt is null || open.IsDoubted);
        var times = _isSettling ? [] : _waiting.Select(wish => wish.NotBefore > now ? wish.NotBefore : wish.Deadline);
        var next = times.Concat(isInFlight ? [_lookedAt + _options.WatchInterval] : [])
            .Select(time => (TimeSpan?)time)
            .Min();
        _timer.Disposable = next is not { } time || _life.IsCancellationRequested ? Disposable.Empty
            : _scheduler.Schedule(time > now ? time - now : TimeSpan.FromTicks(1), Wake);
    }

    private void Tell(TransactionNoticeKind kind, OpenTransaction open, string detail) =>
        Tell(kind, open.Purpose, open.Nonce, open.Attempts[^1].Hash, detail);

    private void Tell(
        TransactionNoticeKind kind,
        TransactionPurpose purpose,
        ulong? nonce,
        Bytes32? hash,
        string detail,
        UInt256? spentWei = null)
    {
        var notice = new TransactionNotice(_scheduler.Now, kind, purpose, nonce, hash, detail, spentWei);
        TransactionMetrics.Note(notice);
        _notices.OnNext(notice);
    }
}
