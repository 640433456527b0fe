using CodexSales.Rx.Caching;
using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Checks;

/// <summary>Checks what every stream of change sets promises.</summary>
public static class ChangeSetContract
{
    /// <summary>
    /// The same change sets, checked by replaying them: one snapshot, first; numbers that never fall; no empty set; changes
    /// that fit at their positions; each key at most once; and the order, if one is given, after each set.
    /// </summary>
    /// <param name="source">What a cache's <c>Connect</c> or a view of it gives.</param>
    /// <param name="order">The order in which the items should be; null for any.</param>
    /// <remarks>
    /// The exception is thrown into whoever notifies; a cache of this library detaches a subscriber that throws, and
    /// reports it in the pipeline's <c>Troubles</c>. O(items) for each set.
    /// </remarks>
    /// <exception cref="ContractViolationException">Out of a change set that breaks a promise.</exception>
    public static IObservable<ChangeSet<TItem, TKey, TCause>> AssertChangeSets<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source, IComparer<TItem>? order = null)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            var model = new Model<TItem, TKey, TCause>(order);
            return source.Do(model.Apply);
        });
    }

    private sealed class Model<TItem, TKey, TCause>(IComparer<TItem>? order)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        private readonly List<TItem> _items = [];
        private readonly HashSet<TKey> _keys = [];
        private ChangeSet<TItem, TKey, TCause>? _last;

        public void Apply(ChangeSet<TItem, TKey, TCause> changes)
        {
            Check(changes.IsSnapshot == _last is null, changes, () => "the snapshot comes first, and once");
            Check(
                _last is not { } last || (changes.Version >= last.Version && changes != last),
                changes,
                () => $"it comes after version {_last?.Version}");
            Check(changes.IsSnapshot || changes.Count > 0, changes, () => "it changes nothing");
            _last = changes;
            foreach (var change in changes)
            {
                Apply(changes, change);
            }

            CheckOrder(changes);
        }

        private void Apply(ChangeSet<TItem, TKey, TCause> changes, Change<TItem, TKey, TCause> change)
        {
            if (change.Before is { } before)
            {
                Check(
                    change.PositionBefore >= 0 && change.PositionBefore < _items.Count
                        && ReferenceEquals(_items[change.PositionBefore], before),
                    changes,
                    () => $"{change}: another item is at {change.PositionBefore}");
                _items.RemoveAt(change.PositionBefore);
                Check(_keys.Remove(change.Key), changes, () => $"{change}: the key is not there");
            }

            if (change.After is { } after)
            {
                Check(
                    change.PositionAfter >= 0 && change.PositionAfter <= _items.Count,
                    changes,
                    () => $"{change}: there are {_items.Count} items");
                _items.Insert(change.PositionAfter, after);
                Check(_keys.Add(change.Key), changes, () => $"{change}: the key is there already");
            }
        }

        private void CheckOrder(ChangeSet<TItem, TKey, TCause> changes)
        {
            for (var place = 1; order is not null && place < _items.Count; place++)
            {
                var (left, right) = (_items[place - 1], _items[place]);
                Check(order.Compare(left, right) < 0, changes, () => $"{left} stands before {right}");
            }
        }

        // A problem is put into words only where there is one.
        private static void Check(bool isKept, ChangeSet<TItem, TKey, TCause> changes, Func<string> problem)
        {
            if (!isKept)
            {
                throw new ContractViolationException($"Change set of {changes}: {problem()}.");
            }
        }
    }
}
