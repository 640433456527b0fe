using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Filtering;

/// <summary>The groups that some availability takes now. A changed balance looks again at those groups only whose size,
/// price, duration, end or collateral lies between the old bound and the new one.</summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class AvailabilityFilter(
    AvailabilityLedger ledger,
    Action<SlotTerms, ulong?, RefusalReason> refuse,
    Action<SlotGroup, bool>? noteTaken = null)
{
    private readonly Dictionary<SlotGroup, FilteredGroup> _groups = [];
    private readonly ConditionIndex<ulong> _bySize = new(terms => terms.Ask.SlotSizeBytes);
    private readonly ConditionIndex<ulong> _byDuration = new(terms => terms.DurationSeconds);
    private readonly ConditionIndex<UInt256> _byPrice = new(terms => terms.Ask.PricePerBytePerSecond);
    private readonly ConditionIndex<UInt256> _byCollateral = new(terms => terms.Collateral);
    private readonly ConditionIndex<UnixSeconds> _byEnd = new(terms => terms.EndsAt);
    private long _lastNumber;

    /// <summary>Keeps of a change what concerns groups that are taken.</summary>
    public SlotGroupChanges? Apply(SlotGroupChanges changes)
    {
        if (changes.Changes is [var only])
        {
            return Passes(only) ? changes : null;
        }

        var kept = changes.Changes.Where(Passes).ToArray();
        return kept.Length > 0 ? changes with { Changes = kept } : null;
    }

    /// <summary>Looks again at what a changed balance can have changed.</summary>
    public SlotGroupChanges? Apply(BalanceChange balance)
    {
        // A group that is concerned twice changes once.
        List<SlotGroupChange>? changes = null;
        foreach (var filtered in Concerned(balance))
        {
            var isTaken = ledger.Takes(filtered.Group.Terms, out _);
            if (isTaken != filtered.IsTaken)
            {
                Mark(filtered, isTaken);
                (changes ??= []).Add(
                    new SlotGroupChange(isTaken ? SlotGroupChangeKind.GroupOpened : SlotGroupChangeKind.GroupClosed, filtered.Group));
            }
        }

        return changes is not null || balance.Widens
            ? new SlotGroupChanges(QueueCause.AvailabilityChanged, changes ?? [], ClearsDeferred: balance.Widens)
            : null;
    }

    private bool Passes(SlotGroupChange change) => change.Kind switch
    {
        SlotGroupChangeKind.GroupOpened => Open(change.Group),
        SlotGroupChangeKind.GroupClosed => Close(change.Group),
        _ => _groups.TryGetValue(change.Group, out var filtered) && filtered.IsTaken,
    };

    private IEnumerable<FilteredGroup> Concerned(BalanceChange balance)
    {
        if (balance is not { Before: { } before, After: { } after }
            || before.Availability.IsDisabled != after.Availability.IsDisabled)
        {
            return _groups.Values;
        }

        var (old, now) = (before.Availability, after.Availability);
        var free = Moved(_bySize, before.FreeBytes, after.FreeBytes)
            .Concat(Moved(_byCollateral, before.FreeCollateral, after.FreeCollateral));
        return ReferenceEquals(old, now) ? free : free
            .Concat(Moved(_byDuration, old.MaxDurationSeconds, now.MaxDurationSeconds))
            .Concat(Moved(_byPrice, old.MinPricePerBytePerSecond, now.MinPricePerBytePerSecond))
            .Concat(Moved(_byEnd, old.Until ?? UnixSeconds.MaxValue, now.Until ?? UnixSeconds.MaxValue));

        static IEnumerable<FilteredGroup> Moved<T>(ConditionIndex<T> index, T before, T after)
            where T : struct, IComparable<T> =>
            before.CompareTo(after) == 0 ? [] : index.Between(before, after);
    }

    private bool Open(SlotGroup group)
    {
        if (!_groups.TryGetValue(group, out var filtered))
        {
            _groups.Add(group, filtered = new FilteredGroup(group, ++_lastNumber));
            _bySize.Add(filtered);
            _byDuration.Add(filtered);
            _byPrice.Add(filtered);
            _byCollateral.Add(filtered);
            _byEnd.Add(filtered);
        }

        Mark(filtered, ledger.Takes(group.Terms, out var refusal));
        if (refusal is { } reason)
        {
            refuse(group.Terms, group.FreedSlot, reason);
        }

        return filtered.IsTaken;
    }

    private bool Close(SlotGroup group)
    {
        if (!_groups.Remove(group, out var filtered))
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

    private void Mark(FilteredGroup filtered, bool isTaken)
    {
        if (filtered.IsTaken != isTaken)
        {
            filtered.IsTaken = isTaken;
            noteTaken?.Invoke(filtered.Group, isTaken);
        }
    }
}
