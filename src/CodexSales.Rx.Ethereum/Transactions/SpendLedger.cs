using CodexSales.Rx.Ethereum.Codecs;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What was spent lately and is likely to be, against the limit.</summary>
internal sealed class SpendLedger(TransactionOptions options)
{
    /// <summary>What "per day" means: any 24 hours.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    // New slots leave this much to the proofs and payouts of those that are there, in parts of all.
    private const ulong PartsOfTheDay = 4;
    private const ulong PartsForNewSlots = 3;

    // A fill takes about three times the gas of a reservation, and the approval before it as much as that.
    private const ulong FillOverReservation = 4;

    private readonly Queue<(DateTimeOffset At, UInt256 Wei)> _spent = new();
    private UInt256 _sum;

    /// <summary>Notes what a transaction cost that has ended.</summary>
    public void Add(DateTimeOffset at, UInt256 wei)
    {
        Forget(at);
        if (wei > 0)
        {
            _spent.Enqueue((at, wei));
            _sum = AddUpToMost(_sum, wei);
        }
    }

    /// <summary>
    /// Why a transaction would go beyond the limit, in one sentence; null when it would not. A reservation counts with the
    /// fill that it is for: to reserve what can't be filled is of no use.
    /// </summary>
    /// <param name="kind">What it is for: proofs and payouts may use all of the limit, new slots three quarters.</param>
    /// <param name="likely">What it is likely to cost, in wei.</param>
    /// <param name="inFlight">What the others that are in flight are likely to cost.</param>
    /// <param name="now">The scheduler's time.</param>
    public string? FindExcess(TransactionKind kind, UInt256 likely, IEnumerable<UInt256> inFlight, DateTimeOffset now)
    {
        Forget(now);
        var ofTheDay = inFlight.Aggregate(AddUpToMost(_sum, WithFill(kind, likely)), AddUpToMost);
        var isOfNewSlot = kind is TransactionKind.ReserveSlot or TransactionKind.FillSlot or TransactionKind.Approve;
        var most = isOfNewSlot ? options.MostWeiPerDay / PartsOfTheDay * PartsForNewSlots : options.MostWeiPerDay;
        return ofTheDay <= most ? null
            : $"With {Named(kind)}, 24 hours are likely to cost {EtherAmount.Ether(ofTheDay)}, and the limit is "
                + EtherAmount.Ether(options.MostWeiPerDay)
                + (isOfNewSlot ? $", of which new slots get {EtherAmount.Ether(most)}." : ".");
    }

    /// <summary>
    /// Why a slot is not to be reserved that the account has not the ether to fill, in one sentence; null when it has.
    /// </summary>
    public static string? FindShortage(TransactionKind kind, UnsignedTransaction transaction, FeeQuote quote) =>
        kind == TransactionKind.ReserveSlot && quote.Balance is { } has
            && WithFill(kind, FeesPaid.Most(transaction, quote)) is var needed && needed > has
                ? $"With {Named(kind)}, {EtherAmount.Ether(needed)} could be needed, and the account has "
                    + $"{EtherAmount.Ether(has)}."
                : null;

    private static string Named(TransactionKind kind) =>
        kind == TransactionKind.ReserveSlot ? "it and the fill that it is for" : "it";

    private static UInt256 WithFill(TransactionKind kind, UInt256 wei) =>
        kind != TransactionKind.ReserveSlot ? wei
        : UInt256.TryMultiply(wei, 1 + FillOverReservation, out var all) ? all
        : UInt256.MaxValue;

    private void Forget(DateTimeOffset now)
    {
        while (_spent.TryPeek(out var oldest) && oldest.At <= now - Day)
        {
            _spent.Dequeue();
            _sum = _spent.Count == 0 ? 0 : _sum == UInt256.MaxValue ? Sum() : _sum - oldest.Wei;
        }
    }

    private UInt256 Sum() => _spent.Select(spent => spent.Wei).Aggregate(UInt256.Zero, AddUpToMost);

    private static UInt256 AddUpToMost(UInt256 left, UInt256 right) =>
        UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue;
}
