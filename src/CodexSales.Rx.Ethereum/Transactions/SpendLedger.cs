using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What was spent lately, against the limits.</summary>
internal sealed class SpendLedger(TransactionOptions options)
{
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

    /// <summary>Why a transaction would go beyond a limit, in one sentence; null when it would not.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="inFlight">The most that the others cost that are in flight.</param>
    /// <param name="now">The scheduler's time.</param>
    public string? FindExcess(UnsignedTransaction transaction, IEnumerable<UInt256> inFlight, DateTimeOffset now)
    {
        if (!transaction.TryGetMostWei(out var most) || most > options.MostWeiPerTransaction)
        {
            return $"It could cost {most} wei, and the limit for one transaction is {options.MostWeiPerTransaction}.";
        }

        while (_spent.TryPeek(out var oldest) && oldest.At <= now - Day)
        {
            _spent.Dequeue();
        }

        var ofTheDay = _spent.Select(spent => spent.Wei).Concat(inFlight).Aggregate(most, AddUpToMost);
        return ofTheDay > options.MostWeiPerDay
            ? $"With it, 24 hours could cost {ofTheDay} wei, and the limit is {options.MostWeiPerDay}."
            : null;
    }

    private static UInt256 AddUpToMost(UInt256 left, UInt256 right) =>
        UInt256.TryAdd(left, right, out var sum) ? sum : UInt256.MaxValue;
}
