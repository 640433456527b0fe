using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Caching;
using DynamicData;

namespace CodexSales.Rx.DynamicData;

/// <summary>The way to DynamicData, and back.</summary>
public static class DynamicDataExtensions
{
    /// <summary>The change sets of a list as those of DynamicData: for <c>SortAndBind</c>, <c>Page</c>, joins and the like.</summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>Here</term><description>There</description></listheader>
    /// <item><term>Snapshot</term><description>Add of each item, at its index; also a set without changes.</description></item>
    /// <item><term>Added, Removed</term><description>Add, Remove, with the index.</description></item>
    /// <item><term>Updated</term><description>Update, with the item before, and twice the same index.</description></item>
    /// <item><term>Moved</term><description>
    /// Update, with the item before and both indexes: what moves here is another item, which operators that pass over Moved would
    /// miss.
    /// </description></item>
    /// </list>
    /// <para>
    /// Indexes are those of a list to which the changes are applied one after the other. Threading: notifies where the source does.
    /// Cost: O(log n) for each change, and an immutable list of all items that sets share.
    /// </para>
    /// </remarks>
    public static IObservable<SortedChanges<TItem, TKey, TCause>> ToDynamicData<TItem, TKey, TCause>(
        this IObservable<Caching.ChangeSet<TItem, TKey, TCause>> source)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        return Observable.Defer(() =>
        {
            var items = ImmutableList<KeyValuePair<TKey, TItem>>.Empty;
            return source.Select(changes =>
            {
                items = changes.Aggregate(changes.IsSnapshot ? items.Clear() : items, Apply);
                return new SortedChanges<TItem, TKey, TCause>(
                    changes,
                    changes.Select(Translate),
                    new SortedItems<TItem, TKey>(items, changes.IsSnapshot ? SortReason.InitialLoad : SortReason.DataChanged));
            });
        });
    }

    /// <summary>A cache of DynamicData that is what the list is. To dispose of it ends its subscription.</summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    public static IObservableCache<TItem, TKey> ToObservableCache<TItem, TKey, TCause>(
        this IObservable<Caching.ChangeSet<TItem, TKey, TCause>> source)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum => source.ToDynamicData().AsObservableCache();

    /// <summary>
    /// Offers for sale what is in a cache of the host's own: an item that is added or replaced is saved, one that is removed is
    /// drained, so that its sales go on to their end.
    /// </summary>
    /// <param name="source">Change sets of DynamicData, such as those of a <c>SourceCache</c>.</param>
    /// <param name="ledger">What is for sale.</param>
    /// <returns>Each item with the ledger's answer, in the order of the changes. Edits begin when it is subscribed to.</returns>
    /// <remarks>
    /// <para>An edit begins when the one before is answered, so that the last one of an item counts. A refusal is an answer, and
    /// the cache stays as it is: the host decides what to do with it.</para>
    /// <para>Threading: answers come from the core scheduler's thread or a thread of the pool; one at a time.</para>
    /// </remarks>
    public static IObservable<(Availability Availability, LedgerAnswer Answer)> OfferIn(
        this IObservable<IChangeSet<Availability, AvailabilityId>> source, AvailabilityLedger ledger)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(ledger);
        return source
            .SelectMany(changes => changes.Where(change => change.Reason is not ChangeReason.Moved))
            .Select(change => Observable.FromAsync(cancellationToken => change.Reason == ChangeReason.Remove
                    ? ledger.DrainAsync(change.Key, cancellationToken)
                    : ledger.SaveAsync(change.Current, cancellationToken))
                .Select(answer => (change.Current, answer)))
            .Concat();
    }

    private static ImmutableList<KeyValuePair<TKey, TItem>> Apply<TItem, TKey, TCause>(
        ImmutableList<KeyValuePair<TKey, TItem>> items, Change<TItem, TKey, TCause> change)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        var without = change.Before is null ? items : items.RemoveAt(change.PositionBefore);
        return change.After is { } after ? without.Insert(change.PositionAfter, new(change.Key, after)) : without;
    }

    private static Change<TItem, TKey> Translate<TItem, TKey, TCause>(Change<TItem, TKey, TCause> change)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum => change switch
    {
        { Before: null } => new Change<TItem, TKey>(ChangeReason.Add, change.Key, change.After!, change.PositionAfter),
        { After: null } => new Change<TItem, TKey>(ChangeReason.Remove, change.Key, change.Before, change.PositionBefore),
        _ => new Change<TItem, TKey>(
            ChangeReason.Update, change.Key, change.After, change.Before, change.PositionAfter, change.PositionBefore),
    };
}
