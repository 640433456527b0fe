using System.Reactive;

namespace CodexSales.Rx.Caching;

/// <summary>What a filter is told between two commits, in their queue, so that it falls between the same two for its
/// subscriber: another predicate, or the error of those who give them. It changes no item.</summary>
internal sealed class PredicateChange<TItem, TKey, TCause>(long version, Notification<Func<TItem, bool>> told)
    : ChangeSet<TItem, TKey, TCause>(version)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    public override int Count => 0;

    /// <summary>The predicate; throws the error if there is one.</summary>
    public Func<TItem, bool> Predicate => told.Value;

    internal override Change<TItem, TKey, TCause> At(int index) => throw new ArgumentOutOfRangeException(nameof(index));
}
