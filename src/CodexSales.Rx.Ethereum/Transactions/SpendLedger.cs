using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What was spent lately, against the limit and against what the account has.</summary>
/// <param name="options">The limit.</param>
/// <param name="dataFeeOf">What a transaction costs besides its gas, in wei.</param>
/// <param name="balance">What the account has, in wei; null when that is not known.</param>
internal sealed class SpendLedger(
    TransactionOptions options, Func<UnsignedTransaction, UInt256> dataFeeOf, Func<UInt256?> balance)
{
    // A fill takes about three times the gas of a reservation, and the approval before it as much as that.
    private const ulong FillOverReservation = 4;

    /// <summary>What "per day" means: any 24 hours.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Queue<(DateTimeOffset At, UInt256 Wei)> _spent = new();

    /// <summary>Notes what a transaction cost that has ended.</summary>
    public void Add(DateTimeOffset at, UInt256 wei)
    {
        if (wei > 0)
        {
            _spent.Enqueue((at, wei));
        }
    }

    /// <summary>The most that a transaction in flight can cost, or what it did.</summary>
    public UInt256 MostOf(OpenTransaction open) =>
        open.Receipt is null ? AddUpToMost(open.MostWei, dataFeeOf(open.Last)) : open.MostWei;

    /// <summary>
    /// Why a transaction would go beyond the limit, or a reservation beyond what the account has, in one sentence; null when
    /// it would not.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="inFlight">The most that the others cost that are in flight.</param>
    /// <param name="now">The scheduler's time.</param>
    /// <param name="isReservation">
    /// Whether it is a new reservation. That counts with the fill that it is for: to reserve what can't be filled is of no
    /// use.
    /// </param>
    public string? FindExcess(
        UnsignedTransaction transaction,
        IEnumerable<UInt256> inFlight,
        DateTimeOffset now,
        bool isReservation = false)
    {
        while (_spent.TryPeek(out var oldest) && oldest.At <= now - Day)
        {
            _spent.Dequeue();
        }

        var cost = transaction.TryGetMostWei(out var gas)
            ? AddUpToMost(gas, dataFeeOf(transaction)) : UInt256.MaxValue;
        var withFill = !isReservation ? cost
            : UInt256.TryMultiply(cost, 1 + FillOverReservation, out var all) ? all
            : UInt256.MaxValue;
        var together = inFlight.Aggregate(withFill, AddUpToMost);
        var ofTheDay = _spent.Select(spent => spent.Wei).Aggregate(together, AddUpToMost);
        var itself = isReservation ? "it and the fill that it is for" : "it";
        return ofTheDay > options.MostWeiPerDay
                ? $"With {itself}, 24 hours could cost {EtherAmount.Ether(ofTheDay)}, and the limit is "
                    + $"{EtherAmount.Ether(options.MostWeiPerDay)}."
            : isReservation && balance() is { } has && together > has
                ? $"With {itself}, {EtherAmount.Ether(together)} could be needed, and the account has "
                    + $"{EtherAmount.Ether(has)}."
            : null;
    }

    private static UInt256 AddUpToMost(UInt256 left, UInt256 right) =>
        UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue;
}
