namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>The fees of the last 24 hours, and those that are likely, against the limit.</summary>
internal sealed class SpendLedger(TransactionOptions options)
{
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // New slots leave a quarter of the limit to the proofs and payouts of hosted ones.
    private const ulong PartsOfTheDay = 4;
    private const ulong PartsForNewSlots = 3;

    // A fill takes about three times the gas of a reservation, and the approval before it as much as that.
    private const ulong FillOverReservation = 4;

    // Only who asks what was spent comes from another thread.
    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, UInt256 Wei)> _spent = new();
    private UInt256 _sum;

    /// <summary>Notes the cost of a transaction that has ended.</summary>
    public void Add(DateTimeOffset at, UInt256 wei)
    {
        lock (_gate)
        {
            Forget(at);
            if (wei > 0)
            {
                _spent.Enqueue((at, wei));
                _sum = Wei.Add(_sum, wei);
            }
        }
    }

    /// <summary>The fees of the last 24 hours, in wei. From any thread.</summary>
    public UInt256 Spent(DateTimeOffset now)
    {
        lock (_gate)
        {
            Forget(now);
            return _sum;
        }
    }

    /// <summary>Why a transaction would go beyond the limit, in one sentence; null when it would not. A reservation
    /// counts with its fill: a slot that can't be filled is reserved in vain. Proofs and payouts may use all of the
    /// limit, new slots three quarters.</summary>
    public string? FindExcess(TransactionKind kind, UInt256 likely, IEnumerable<UInt256> inFlight, DateTimeOffset now)
    {
        var ofTheDay = inFlight.Aggregate(Wei.Add(Spent(now), WithFill(kind, likely)), Wei.Add);
        var isOfNewSlot = kind is TransactionKind.ReserveSlot or TransactionKind.FillSlot or TransactionKind.Approve;
        var most = isOfNewSlot ? options.MostWeiPerDay / PartsOfTheDay * PartsForNewSlots : options.MostWeiPerDay;
        return ofTheDay <= most ? null
            : $"With {Named(kind)}, 24 hours are likely to cost {EtherAmount.Ether(ofTheDay)}, and the limit is "
                + EtherAmount.Ether(options.MostWeiPerDay)
                + (isOfNewSlot ? $", of which new slots get {EtherAmount.Ether(most)}." : ".");
    }

    /// <summary>Why the account has too little ether for a reservation's fill, in one sentence, or null.</summary>
    public static string? FindShortage(TransactionKind kind, UnsignedTransaction transaction, FeeQuote quote) =>
        kind == TransactionKind.ReserveSlot && quote.Balance is { } has
            && WithFill(kind, FeesPaid.Most(transaction, quote)) is var needed && needed > has
                ? $"With {Named(kind)}, {EtherAmount.Ether(needed)} could be needed, and the account has "
                    + $"{EtherAmount.Ether(has)}."
                : null;

    private static string Named(TransactionKind kind) =>
        kind == TransactionKind.ReserveSlot ? "it and the fill that it is for" : "it";

    private static UInt256 WithFill(TransactionKind kind, UInt256 wei) =>
        kind == TransactionKind.ReserveSlot ? Wei.Multiply(wei, 1 + FillOverReservation) : wei;

    private void Forget(DateTimeOffset now)
    {
        while (_spent.TryPeek(out var oldest) && oldest.At <= now - Day)
        {
            _spent.Dequeue();
            _sum = _spent.Count == 0 ? 0
                : _sum == UInt256.MaxValue ? _spent.Select(spent => spent.Wei).Aggregate(Wei.Add)
                : _sum - oldest.Wei;
        }
    }
}
