using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Filtering;

/// <summary>
/// Which lots some availability takes now. A changed balance looks again at those lots only whose size, price,
/// duration, end or collateral lies between the old bound and the new one.
/// </summary>
/// <remarks>Lives on the core scheduler.</remarks>
/// <param name="ledger">What is for sale.</param>
/// <param name="refuse">Told of each lot that comes and that nothing takes.</param>
/// <param name="noteTaken">Told of each lot that is taken from now on, or no longer; by default nobody is.</param>
internal sealed class AvailabilityFilter(
    AvailabilityLedger ledger,
    Action<SlotTerms, ulong?, RefusalReason> refuse,
    Action<SlotLot, bool>? noteTaken = null)
{
    private readonly Dictionary<SlotLot, FilteredLot> _lots = [];
    private readonly ConditionIndex<ulong> _bySize = new(terms => terms.Ask.SlotSizeBytes);
    private readonly ConditionIndex<ulong> _byDuration = new(terms => terms.DurationSeconds);
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
        // A lot that is concerned twice changes once.
        List<LotChange>? changes = null;
        foreach (var filtered in Concerned(balance))
        {
            var isTaken = ledger.Takes(filtered.Lot.Terms, out _);
            if (isTaken != filtered.IsTaken)
            {
                Mark(filtered, isTaken);
                (changes ??= []).Add(
                    new LotChange(isTaken ? LotChangeKind.LotOpened : LotChangeKind.LotClosed, filtered.Lot));
            }
        }

        return changes is not null || balance.Widens
            ? new LotChanges(QueueCause.AvailabilityChanged, changes ?? [], ForgetsSeen: balance.Widens)
            : null;
    }

    private bool Passes(LotChange change) => change.Kind switch
    {
        LotChangeKind.LotOpened => Open(change.Lot),
        LotChangeKind.LotClosed => Close(change.Lot),
        _ => _lots.TryGetValue(change.Lot, out var filtered) && filtered.IsTaken,
    };

    private IEnumerable<FilteredLot> Concerned(BalanceChange balance)
    {
        if (balance is not { Before: { } before, After: { } after }
            || before.Availability.IsDisabled != after.Availability.IsDisabled)
        {
            return _lots.Values;
        }

        var (old, now) = (before.Availability, after.Availability);
        var free = Moved(_bySize, before.FreeBytes, after.FreeBytes)
            .Concat(Moved(_byCollateral, before.FreeCollateral, after.FreeCollateral));
        return ReferenceEquals(old, now) ? free : free
            .Concat(Moved(_byDuration, old.MaxDurationSeconds, now.MaxDurationSeconds))
            .Concat(Moved(_byPrice, old.MinPricePerBytePerSecond, now.MinPricePerBytePerSecond))
            .Concat(Moved(_byEnd, old.Until ?? UnixSeconds.MaxValue, now.Until ?? UnixSeconds.MaxValue));

        static IEnumerable<FilteredLot> Moved<T>(ConditionIndex<T> index, T before, T after)
            where T : struct, IComparable<T> =>
            before.CompareTo(after) == 0 ? [] : index.Between(before, after);
    }

    private bool Open(SlotLot lot)
    {
        if (!_lots.TryGetValue(lot, out var filtered))
        {
            _lots.Add(lot, filtered = new FilteredLot(lot, ++_lastNumber));
            _bySize.Add(filtered);
            _byDuration.Add(filtered);
            _byPrice.Add(filtered);
            _byCollateral.Add(filtered);
            _byEnd.Add(filtered);
        }

        Mark(filtered, ledger.Takes(lot.Terms, out var refusal));
        if (refusal is { } reason)
        {
            refuse(lot.Terms, lot.FreedSlot, reason);
        }

        return filtered.IsTaken;
    }

    private bool Close(SlotLot lot)
    {
        if (!_lots.Remove(lot, out var filtered))
        {
            return false;
        }

        _bySize.Remove(filtered);
        _byDuration.Remove(filtered);
        _byPrice.Remove(filtered);
        _byCollateral.Remove(filtered);
        _byEnd.Remove(filtered);
        var wasTaken = filtered.IsTaken;
        Mark(filtered, false);
        return wasTaken;
    }

    private void Mark(FilteredLot filtered, bool isTaken)
    {
        if (filtered.IsTaken != isTaken)
        {
            filtered.IsTaken = isTaken;
            noteTaken?.Invoke(filtered.Lot, isTaken);
        }
    }
}
