namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A nonce that is in use: its attempts, and those who wait for their outcome.</summary>
/// <remarks>Changed only in the manager's turns, except for those who wait.</remarks>
internal sealed class OpenTransaction(TransactionPurpose purpose, ulong nonce, ContractCall call)
{
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource<TransactionReply>> _waiting = [];
    private TransactionReply? _reply;
    private bool _isDoubtTold;

    public TransactionPurpose Purpose => purpose;

    public ulong Nonce => nonce;

    /// <summary>The call of the next replacement: with the arguments that were asked for last.</summary>
    public ContractCall Call { get; set; } = call;

    /// <summary>All attempts, the oldest first.</summary>
    public ImmutableArray<TransactionAttempt> Attempts { get; set; } = [];

    public UnsignedTransaction Last { get; set; } = null!;

    /// <summary>The wish behind it, until the node has it, or may have: so long the nonce can be given back.</summary>
    public Wish? Wish { get; set; }

    /// <summary>Whether the last attempt goes out with the next message, for the first time or again.</summary>
    public bool IsToBeSent { get; set; }

    /// <summary>Whether the node is known to have the last attempt.</summary>
    public bool IsDelivered { get; set; }

    /// <summary>Whether the node said that the last attempt pays too little.</summary>
    public bool IsFoundTooCheap { get; set; }

    /// <summary>The last second of a block that its proof is valid in; null when any will do or is not known.</summary>
    public UnixSeconds? Until { get; set; }

    /// <summary>Its estimated gas; null when it was not estimated.</summary>
    public ulong? LikelyGas { get; set; }

    /// <summary>Whether it comes from before a restart, and has to be looked at before it is sent again.</summary>
    public bool IsRecovered { get; set; }

    /// <summary>When the last attempt was made; null for one from before a restart.</summary>
    public Moment? Attempted { get; set; }

    /// <summary>When it was replaced last, or could not be: the time since the manager was made.</summary>
    public TimeSpan? ReplacedAt { get; set; }

    /// <summary>When the last attempt was sent, or sent again: the time since the manager was made.</summary>
    public TimeSpan? OfferedAt { get; set; }

    /// <summary>Its receipt, as long as it is in a block.</summary>
    public TransactionReceipt? Receipt { get; set; }

    /// <summary>Whether its block may have been replaced since the receipt was read.</summary>
    public bool IsDoubted { get; set; }

    /// <summary>When its nonce was first seen to be used without a receipt of any attempt.</summary>
    public Moment? NonceConsumedAt { get; private set; }

    /// <summary>The transaction of a block that used its nonce; null when none was found yet.</summary>
    public Bytes32? UsedBy { get; set; }

    /// <summary>The first block that was not searched for its nonce yet; null when none was.</summary>
    public ulong? SearchNext { get; set; }

    /// <summary>The newest block when it was sent first, or first looked at after a restart.</summary>
    public ulong? Since { get; set; }

    /// <summary>Whether it was sent before a restart: then nobody knows as of which block.</summary>
    public bool IsRestored { get; private init; }

    /// <summary>Why it is being cancelled; null when it is not.</summary>
    public ContractError? RevertReason { get; set; }

    /// <summary>Whether its outcome was told. A reorganisation can take that back.</summary>
    public bool IsConcluded => Volatile.Read(ref _reply) is not null;

    /// <summary>Whether another program's transaction used its nonce. A reorganisation can take that back.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>Its likely cost at a price, or the real one.</summary>
    public UInt256 LikelyWei(FeeQuote quote) =>
        Receipt?.SpentWei ?? FeesPaid.Likely(Last, LikelyGas ?? Last.GasLimit, quote);

    /// <summary>Waits for its outcome, but no longer than patience lasts.</summary>
    public async Task<TransactionReply> WaitAsync(
        TimeSpan patience, IScheduler scheduler, CancellationToken cancellationToken)
    {
        var waiting = new TaskCompletionSource<TransactionReply>();
        lock (_gate)
        {
            if (_reply is not null)
            {
                return _reply;
            }

            _waiting.Add(waiting);
        }

        using var timer = scheduler.Schedule(patience, () => waiting.TrySetResult(TransactionReply.InDoubt(
            $"{purpose} was sent with nonce {nonce}, and is in no block after {patience}.")));
        await using var cancelled = cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken))
            .ConfigureAwait(false);
        try
        {
            return await waiting.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _waiting.Remove(waiting);
            }
        }
    }

    /// <summary>Tells its outcome, on the scheduler, to those who wait.</summary>
    public void Conclude(TransactionReply reply, IScheduler scheduler)
    {
        List<TaskCompletionSource<TransactionReply>> told;
        lock (_gate)
        {
            _reply = reply;
            told = [.. _waiting];
        }

        foreach (var waiting in told)
        {
            scheduler.Schedule(() => waiting.TrySetResult(reply));
        }
    }

    /// <summary>Notes that its nonce is used without a receipt; since when.</summary>
    public Moment NoteConsumed(Moment now) => NonceConsumedAt ??= now;

    /// <summary>Notes that there is a receipt, or that its nonce is not used.</summary>
    public void NoteNotConsumed() =>
        (NonceConsumedAt, UsedBy, SearchNext, IsSuperseded, _isDoubtTold) = (null, null, null, false, false);

    /// <summary>Tells those who wait, on the scheduler and once, that it is in doubt. It is watched on.</summary>
    public void Doubt(string detail, IScheduler scheduler)
    {
        if (_isDoubtTold)
        {
            return;
        }

        _isDoubtTold = true;
        lock (_gate)
        {
            foreach (var waiting in _waiting)
            {
                scheduler.Schedule(() => waiting.TrySetResult(TransactionReply.InDoubt(detail)));
            }
        }
    }

    /// <summary>Takes its outcome back, after a reorganisation.</summary>
    public void Reopen()
    {
        Volatile.Write(ref _reply, null);

        (Receipt, IsDelivered, IsDoubted, Attempted, OfferedAt) = (null, false, false, null, null);
    }

    /// <summary>The transactions of a nonce in a journal; null when the entry can't be read.</summary>
    public static OpenTransaction? Restore(JournalEntry entry)
    {
        var meant = entry.Attempts.LastOrDefault(attempt => !attempt.IsCancellation);
        if (meant is null
            || !UnsignedTransaction.TryDecode(entry.Attempts[^1].Unsigned.AsSpan(), out var last)
            || !UnsignedTransaction.TryDecode(meant.Unsigned.AsSpan(), out var transaction))
        {
            return null;
        }

        var call = new ContractCall(entry.Sender.Account, transaction.To, $"{entry.Purpose}", transaction.Data);
        return new OpenTransaction(entry.Purpose, entry.Nonce, call)
        {
            Attempts = entry.Attempts,
            Last = last,
            IsRecovered = true,
            IsRestored = true,
            RevertReason = entry.Attempts[^1].IsCancellation ? new BareRevert() : null,
        };
    }
}
