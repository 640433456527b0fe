using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Runtime.ExceptionServices;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Market;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>
/// Sends the transactions of one account: one after another, each with the next nonce, and watches them all until they
/// are deep in the chain. See decision 0010.
/// </summary>
/// <remarks>
/// <para>
/// What is wanted takes its turn: it is estimated (a revert here is free), priced, signed, noted in the journal and
/// sent. A nonce counts as used once the node has the transaction, or may have it.
/// </para>
/// <para>
/// With every new block, and when none comes for a while, what is in flight is looked for, sent again, replaced or
/// withdrawn. That is a turn of its own, so nothing here runs at the same time as anything else.
/// </para>
/// </remarks>
internal sealed partial class TransactionLane : IDisposable
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(8);

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
    private readonly Turns _turns = new();
    private readonly SortedDictionary<ulong, OpenTransaction> _open = [];
    private readonly Subject<TransactionNotice> _notices = new();
    private readonly CancellationTokenSource _life = new();
    private readonly SerialDisposable _timer = new();
    private readonly CompositeDisposable _heads;
    private readonly ToldChain _chain = new();
    private bool _isLoaded;
    private bool _isSettling;
    private int _isPassWanted;

    public TransactionLane(
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
        _estimator = new GasEstimator(transport);
        _clock = scheduler.StartStopwatch();
        _caller = new ContractCaller(transport);
        _fees = new FeeMarket(transport, signer.Account, options, scheduler);
        _replay = new RevertReplay(transport, signer.Account);
        _search = new NonceSearch(transport, signer.Account);
        _spent = new SpendLedger(options, _fees.DataFeeOf, () => _fees.Balance);

        // An error of the heads is the intake's to tell; what is in flight is watched by the timer then.
        _heads = new CompositeDisposable(
            heads.Subscribe(ObserveHead, _ => { }), finalHeads.Subscribe(_chain.TellFinal, _ => { }));
        WantPass();
    }

    /// <summary>What happens to transactions. Notifies one at a time; ends when the lane is disposed.</summary>
    public IObservable<TransactionNotice> Notices => _notices.AsObservable();

    /// <summary>The newest block that was told, or found to hold a transaction; null before the first one.</summary>
    public BlockStamp? Newest => _chain.Newest;

    private ulong Head => _chain.Head?.Number ?? 0;

    private Moment Moment => new(Head, _clock.Elapsed);

    /// <summary>
    /// Sends a transaction, or joins the one that is in flight for the same purpose, and waits until it is in a block
    /// or can't be any more. What is sent goes on when the token is cancelled.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled, or the lane disposed.</exception>
    public async Task<LaneReply> SubmitAsync(TransactionIntent intent, CancellationToken cancellation)
    {
        var deadline = _clock.Elapsed + _options.PrepareDeadline;
        for (var failures = 0; ; failures++)
        {
            var step = await TakeTurnAsync(intent, cancellation).ConfigureAwait(false);
            if (step.IsHeldBack)
            {
                await WaitForEndAsync(cancellation).ConfigureAwait(false);
            }

            if (step.Open is { } open)
            {
                var became = await open.WaitAsync(_options.Patience, _scheduler, cancellation).ConfigureAwait(false);
                return became with { HasJoined = step.HasJoined };
            }

            if (step.Reply is { } reply)
            {
                return Told(intent.Purpose, reply);
            }

            var delay = TimeSpan.FromSeconds(Math.Min(1 << Math.Min(failures, 8), LongestRetryDelay.TotalSeconds));
            if (_clock.Elapsed + delay > deadline)
            {
                return Told(intent.Purpose, LaneReply.NotSent($"{intent.Purpose} was not sent. {step.Problem}"));
            }

            await DelayAsync(delay, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Whether a transaction for the same purpose is in flight.</summary>
    public async Task<bool> IsInFlightAsync(TransactionPurpose purpose)
    {
        using var turn = await _turns.EnterAsync().ConfigureAwait(false);
        ThrowIfOver();
        return await LoadAsync().ConfigureAwait(false) is null && Find(purpose) is not null;
    }

    /// <summary>What is in flight of a kind, in no block yet.</summary>
    public async Task<IReadOnlyList<TransactionPurpose>> GetInFlightAsync(TransactionKind kind)
    {
        using var turn = await _turns.EnterAsync().ConfigureAwait(false);
        return [.. _open.Values
            .Where(open => open.Purpose.Kind == kind && !open.IsConcluded)
            .Select(open => open.Purpose)];
    }

    /// <summary>
    /// Sends nothing new from now on, and waits until what is in flight is in a block, but no longer than patience
    /// lasts. Who wants something sent waits until its token is cancelled, or the lane disposed.
    /// </summary>
    /// <returns>What is in no block even so.</returns>
    public async Task<IReadOnlyList<TransactionPurpose>> SettleAsync(TimeSpan patience)
    {
        List<OpenTransaction> flying;
        using (await _turns.EnterAsync().ConfigureAwait(false))
        {
            ThrowIfOver();
            _isSettling = true;
            flying = [.. _open.Values.Where(open => !open.IsConcluded)];
        }

        await Task.WhenAll(flying.Select(open => open.WaitAsync(patience, _scheduler, _life.Token)))
            .ConfigureAwait(false);
        return [.. flying.Where(open => !open.IsConcluded).Select(open => open.Purpose)];
    }

    /// <summary>
    /// Stops. Who waits is told that the transaction is in doubt; what is in flight stands in the journal.
    /// </summary>
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

    // What runs ends now that its questions are cancelled. Whoever still waits for a turn finds that it is over.
    private async Task StopAsync()
    {
        using var turn = await _turns.EnterAsync().ConfigureAwait(false);
        foreach (var open in _open.Values.Where(open => !open.IsConcluded))
        {
            open.Conclude(LaneReply.InDoubt($"{open.Purpose} is in flight, and is watched no more."), _scheduler);
        }

        _notices.OnCompleted();
        _notices.Dispose();
        _life.Dispose();
    }

    private async Task<Step> TakeTurnAsync(TransactionIntent intent, CancellationToken cancellation)
    {
        using var turn = await _turns.EnterAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        ThrowIfOver();
        if (await LoadAsync().ConfigureAwait(false) is { } unreadable)
        {
            return Step.RetryAfter(unreadable);
        }

        if (Find(intent.Purpose) is { } open)
        {
            open.Call = intent.Call();
            WantPass();
            return new Step(open, HasJoined: true);
        }

        if (_isSettling)
        {
            return new Step(IsHeldBack: true);
        }

        if (intent.Until < _chain.Next)
        {
            return new Step(Reply: LaneReply.TooLate(intent.Purpose));
        }

        var step = await SendAsync(intent, cancellation).ConfigureAwait(false);
        if (step.Open is not null)
        {
            intent.Sent?.Invoke();
            SetTimer();
        }

        return step;
    }

    private void ThrowIfOver()
    {
        if (_life.IsCancellationRequested)
        {
            throw new OperationCanceledException("The lane of transactions was disposed.");
        }
    }

    private OpenTransaction? Find(TransactionPurpose purpose) =>
        _open.Values.FirstOrDefault(open => open.Purpose.IsSameAs(purpose) && !open.IsConcluded);

    // Null once the journal was read; else why it could not be.
    private async Task<string?> LoadAsync()
    {
        if (_isLoaded)
        {
            return null;
        }

        IReadOnlyList<JournalEntry> entries;
        try
        {
            entries = await _journal.LoadAsync(_sender, _scheduler.Now - SpendLedger.Day, _life.Token)
                .ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException)
        {
            return $"The journal of transactions can't be read: {unreadable.Message}";
        }

        var restored = new List<OpenTransaction>();
        foreach (var entry in entries.Where(entry => entry.End is null))
        {
            if (OpenTransaction.Restore(entry) is not { } open)
            {
                return $"The journal of transactions can't be read: what it has of nonce {entry.Nonce} is damaged.";
            }

            restored.Add(open);
        }

        restored.ForEach(open => _open[open.Nonce] = open);
        foreach (var end in entries.Select(entry => entry.End).OfType<TransactionEnd>().OrderBy(end => end.At))
        {
            _spent.Add(end.At, end.SpentWei);
        }

        _isLoaded = true;
        WantPass();
        return null;
    }

    private void ObserveHead(BlockStamp head)
    {
        _chain.TellHead(head);
        WantPass();
    }

    // However often it is wanted before it begins, there is one.
    private void WantPass()
    {
        if (Interlocked.Exchange(ref _isPassWanted, 1) == 0)
        {
            _scheduler.Schedule(() => _ = RunPassAsync());
        }
    }

    private async Task RunPassAsync()
    {
        try
        {
            using var turn = await _turns.EnterAsync().ConfigureAwait(false);
            Volatile.Write(ref _isPassWanted, 0);
            ThrowIfOver();
            if (await LoadAsync().ConfigureAwait(false) is null)
            {
                await WatchAsync().ConfigureAwait(false);
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

    // Heads do the same; the timer is for when there are none.
    private void SetTimer()
    {
        if (!_life.IsCancellationRequested && (!_isLoaded || _open.Values.Any(open => open.Receipt is null)))
        {
            _timer.Disposable = _scheduler.Schedule(_options.WatchInterval, WantPass);
        }
    }

    private async Task DelayAsync(TimeSpan delay, CancellationToken cancellation)
    {
        var over = new TaskCompletionSource();
        using var timer = _scheduler.Schedule(delay, () => over.TrySetResult());
        await using var cancelled = cancellation.Register(() => over.TrySetCanceled(cancellation))
            .ConfigureAwait(false);
        await over.Task.ConfigureAwait(false);
    }

    private async Task WaitForEndAsync(CancellationToken cancellation)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _life.Token);
        await new TaskCompletionSource().Task.WaitAsync(end.Token).ConfigureAwait(false);
    }

    private LaneReply Told(TransactionPurpose purpose, LaneReply reply)
    {
        var (kind, detail) = reply.Outcome switch
        {
            TransactionRefused refused => (TransactionNoticeKind.Refused, refused.Detail),
            TransactionNotSent unsent => (TransactionNoticeKind.NotSent, unsent.Detail),
            _ => throw new UnreachableException(),
        };
        Tell(kind, purpose, null, null, detail);
        return reply;
    }

    private void Tell(TransactionNoticeKind kind, OpenTransaction open, string detail) =>
        Tell(kind, open.Purpose, open.Nonce, open.Attempts[^1].Hash, detail);

    private void Tell(
        TransactionNoticeKind kind,
        TransactionPurpose purpose,
        ulong? nonce,
        Bytes32? hash,
        string detail,
        UInt256? spentWei = null) =>
        _notices.OnNext(new TransactionNotice(_scheduler.Now, kind, purpose, nonce, hash, detail, spentWei));

    /// <summary>
    /// What a turn came to: it was sent, it is refused, there is a problem that may pass, or nothing is sent any more.
    /// </summary>
    private readonly record struct Step(
        OpenTransaction? Open = null,
        LaneReply? Reply = null,
        string Problem = "",
        bool HasJoined = false,
        bool IsHeldBack = false)
    {
        public static Step RetryAfter(string problem) => new(Problem: problem);
    }
}
