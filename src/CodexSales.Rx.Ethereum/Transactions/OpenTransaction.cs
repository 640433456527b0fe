using CodexSales.Rx.Ethereum.Abi;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>A nonce that is in use: what was sent under it, and who waits for it.</summary>
/// <remarks>Changed only in the manager's turns, except for who waits.</remarks>
internal sealed class OpenTransaction(TransactionPurpose purpose, ulong nonce, ContractCall call)
{
    private readonly Lock _gate = new();
    private readonly List<TaskCompletionSource<TransactionReply>> _waiting = [];
    private TransactionReply? _reply;
    private bool _isDoubtTold;

    public TransactionPurpose Purpose => purpose;

    public ulong Nonce => nonce;

    /// <summary>What a replacement does: with the arguments that were asked for last.</summary>
    public ContractCall Call { get; set; } = call;

    /// <summary>All that was sent under the nonce, the oldest first.</summary>
    public ImmutableArray<TransactionAttempt> Attempts { get; set; } = [];

    /// <summary>What was sent last.</summary>
    public UnsignedTransaction Last { get; set; } = null!;

    /// <summary>
    /// Who wants it, until the node has taken it, or may have: as long as it has not, the nonce can be given back.
    /// </summary>
    public Wish? Wish { get; set; }

    /// <summary>Whether what was sent last goes out with the next message, for the first time or again.</summary>
    public bool IsToBeSent { get; set; }

    /// <summary>Whether the node is known to have what was sent last.</summary>
    public bool IsDelivered { get; set; }

    /// <summary>Whether the node said that what was sent last pays too little.</summary>
    public bool IsFoundTooCheap { get; set; }

    /// <summary>The last second of a block for which its proof is made; null when any will do, or nobody knows.</summary>
    public UnixSeconds? Until { get; set; }

    /// <summary>The gas that it is estimated to use; null when it was not.</summary>
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

    /// <summary>Whether its block may have been replaced since its receipt was looked at.</summary>
    public bool IsDoubted { get; set; }

    /// <summary>When its nonce was first seen to be used, without a receipt of anything that is known.</summary>
    public Moment? NonceConsumedAt { get; private set; }

    /// <summary>The transaction that a block was seen to hold under its nonce; null when none was found yet.</summary>
    public Bytes32? UsedBy { get; set; }

    /// <summary>The first block in which it was not looked for by its nonce yet; null when in none.</summary>
    public ulong? SearchNext { get; set; }

    /// <summary>The newest block when it was sent first, or first looked at after a restart.</summary>
    public ulong? Since { get; set; }

    /// <summary>Whether it was sent before a restart: then nobody knows as of which block.</summary>
    public bool IsRestored { get; private init; }

    /// <summary>Why it is being withdrawn; null when it is not.</summary>
    public ContractError? RevertReason { get; set; }

    /// <summary>Whether it is told what became of it. A reorganisation can take that back.</summary>
    public bool IsConcluded
    {
        get
        {
            lock (_gate)
            {
                return _reply is not null;
            }
        }
    }

    /// <summary>Whether another transaction was found that used its nonce. A reorganisation can take that back.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>What it is likely to cost at a price, or what it did cost.</summary>
    public UInt256 LikelyWei(FeeQuote quote) =>
        Receipt?.SpentWei ?? FeesPaid.Likely(Last, LikelyGas ?? Last.GasLimit, quote);

    /// <summary>Waits until it is known what became of it, but no longer than patience lasts.</summary>
    public async Task<TransactionReply> WaitAsync(TimeSpan patience, IScheduler scheduler, CancellationToken cancellation)
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
        await using var cancelled = cancellation.Register(() => waiting.TrySetCanceled(cancellation))
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

    /// <summary>Tells those who wait, on the scheduler.</summary>
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

    /// <summary>Its nonce is used, and there is no receipt. Tells since when.</summary>
    public Moment Miss(Moment now) => NonceConsumedAt ??= now;

    /// <summary>There is a receipt, or its nonce is not used.</summary>
    public void StopMissing() =>
        (NonceConsumedAt, UsedBy, SearchNext, IsSuperseded, _isDoubtTold) = (null, null, null, false, false);

    /// <summary>Tells those who wait, on the scheduler and once, that it is in doubt. It goes on.</summary>
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

    /// <summary>What became of it is not true any more.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            _reply = null;
        }

        (Receipt, IsDelivered, IsDoubted, Attempted, OfferedAt) = (null, false, false, null, null);
    }

    /// <summary>What a journal has of a nonce; null when that can't be read.</summary>
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
