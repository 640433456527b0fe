using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Filtering;

/// <summary>
/// Which lots some availability takes now. A changed balance looks again at those lots only whose size, price, duration, end or
/// collateral lies between the old bound and the new one.
/// </summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class AvailabilityFilter(AvailabilityLedger ledger, Action<SlotTerms, ulong?, RefusalReason> refuse)
{
    private readonly Dictionary<SlotLot, Entry> _lots = [];
    private readonly ConditionIndex<ulong> _bySize = new(terms => terms.Ask.SlotSizeBytes);
    private readonly ConditionIndex<ulong> _byDuration = new(terms => terms.Ask.DurationSeconds);
    private readonly ConditionIndex<UInt256> _byPrice = new(terms => terms.Ask.PricePerBytePerSecond);
    private readonly ConditionIndex<UInt256> _byCollateral = new(terms => terms.Collateral);
    private readonly ConditionIndex<UnixSeconds> _byEnd = new(terms => terms.EndsAt);
    private long _lastNumber;

    /// <summary>Keeps of a change what concerns lots that are taken.</summary>
    public LotChanges? Apply(LotChanges changes)
    {
        if (changes.Changes is [var only])
        {
            return Passes(only) ? changes : null;
        }

        var kept = changes.Changes.Where(Passes).ToArray();
        return kept.Length > 0 ? changes with { Changes = kept } : null;
    }

    /// <summary>Looks again at what a changed balance can have changed.</summary>
    public LotChanges? Apply(BalanceChange balance)
    {
        var changes = new List<LotChange>();
        foreach (var lot in Concerned(balance).ToHashSet())
        {
            var entry = _lots[lot];
            var isTaken = ledger.Takes(lot.Terms, out _);
            if (isTaken != entry.IsTaken)
            {
                entry.IsTaken = isTaken;
                changes.Add(new LotChange(isTaken ? LotChangeKind.LotOpened : LotChangeKind.LotClosed, lot));
            }
        }

        return changes.Count > 0 || balance.Widens
            ? new LotChanges(QueueCause.AvailabilityChanged, changes, ForgetsSeen: balance.Widens)
            : null;
    }

    private bool Passes(LotChange change) => change.Kind switch
    {
        LotChangeKind.LotOpened => Open(change.Lot),
        LotChangeKind.LotClosed => Close(change.Lot),
        _ => _lots.TryGetValue(change.Lot, out var entry) && entry.IsTaken,
    };

    private IEnumerable<SlotLot> Concerned(BalanceChange balance)
    {
        if (balance is not { Before: { } before, After: { } after }
            || before.Availability.Enabled != after.Availability.Enabled)
        {
            return _lots.Keys;
        }

        var (old, now) = (before.Availability, after.Availability);
        return Moved(_bySize, before.FreeBytes, after.FreeBytes)
            .Concat(Moved(_byCollateral, before.FreeCollateral, after.FreeCollateral))
            .Concat(Moved(_byDuration, old.MaxDurationSeconds, now.MaxDurationSeconds))
            .Concat(Moved(_byPrice, old.MinPricePerBytePerSecond, now.MinPricePerBytePerSecond))
            .Concat(Moved(_byEnd, old.Until ?? UnixSeconds.MaxValue, now.Until ?? UnixSeconds.MaxValue));

        static IEnumerable<SlotLot> Moved<T>(ConditionIndex<T> index, T before, T after)
            where T : struct, IComparable<T> =>
            before.CompareTo(after) == 0 ? [] : index.Between(before, after);
    }

    private bool Open(SlotLot lot)
    {
        if (!_lots.TryGetValue(lot, out var entry))
        {
            _lots.Add(lot, entry = new Entry(++_lastNumber));
            _bySize.Add(lot, entry.Number);
            _byDuration.Add(lot, entry.Number);
            _byPrice.Add(lot, entry.Number);
            _byCollateral.Add(lot, entry.Number);
            _byEnd.Add(lot, entry.Number);
        }

        entry.IsTaken = ledger.Takes(lot.Terms, out var refusal);
        if (refusal is { } reason)
        {
            refuse(lot.Terms, lot.FreedSlot, reason);
        }

        return entry.IsTaken;
    }

    private bool Close(SlotLot lot)
    {
        if (!_lots.Remove(lot, out var entry))
        {
            return false;
        }

        _bySize.Remove(lot, entry.Number);
        _byDuration.Remove(lot, entry.Number);
        _byPrice.Remove(lot, entry.Number);
        _byCollateral.Remove(lot, entry.Number);
        _byEnd.Remove(lot, entry.Number);
        return entry.IsTaken;
    }

    private sealed class Entry(long number)
    {
        public long Number { get; } = number;

        public bool IsTaken { get; set; }
    }
}
