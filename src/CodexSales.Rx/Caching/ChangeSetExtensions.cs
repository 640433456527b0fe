namespace CodexSales.Rx.Caching;

/// <summary>What can be made of a stream of change sets: of a cache's <c>Connect</c>, or of a view of it.</summary>
/// <remarks>
/// Threading: what is made notifies where its source does; <c>Conflate</c> on the scheduler that it is given.
/// </remarks>
public static class ChangeSetExtensions
{
    /// <summary>The first items of the list only, as a list of its own.</summary>
    /// <param name="source">Change sets of a whole list, a snapshot first.</param>
    /// <param name="count">The length of the list at most: at least 1.</param>
    /// <remarks>
    /// <para>Changes behind the first items are left out.</para>
    /// <list type="table">
    /// <listheader><term>In the source</term><description>In the view</description></listheader>
    /// <item><term>Snapshot</term><description>A snapshot of its first items.</description></item>
    /// <item><term>Added in front</term><description>
    /// Where the view is full, Removed of its last item; then Added.
    /// </description></item>
    /// <item><term>Removed in front</term><description>
    /// Removed; then Added of the item that shifts in at the end.
    /// </description></item>
    /// <item><term>Updated in front</term><description>Updated.</description></item>
    /// <item><term>Moved within the front</term><description>Moved.</description></item>
    /// <item><term>Moved to or from the front</term><description>
    /// Removed of the item that leaves, then Added of the other.
    /// </description></item>
    /// </list>
    /// <para>
    /// An item that shifts in or out has the cause of the change that shifted it. Cost: O(n) once and 8 bytes for each
    /// item of the whole list, for the items that may shift in; then O(log n) for each change.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public static IObservable<ChangeSet<TItem, TKey, TCause>> Top<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source, int count)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return source.Through(() => new TopView<TItem, TKey, TCause>(count).Apply);
    }

    /// <summary>
    /// For a slow subscriber: what happens while it is busy comes to it as one change set of what it came to in the
    /// end.
    /// </summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    /// <param name="scheduler">
    /// Where the subscriber is notified. It is ready again when its <c>OnNext</c> has returned and
    /// <paramref name="interval"/> is over.
    /// </param>
    /// <param name="interval">The shortest time from one notification to the next; 0 for none.</param>
    /// <remarks>
    /// <para>
    /// It takes the place of <c>ObserveOn</c>, whose backlog has no bound: what waits here is at most one change for
    /// each key. The source never waits for the subscriber.
    /// </para>
    /// <list type="table">
    /// <listheader><term>Meanwhile</term><description>Notified</description></listheader>
    /// <item><term>Added and removed again</term><description>Nothing.</description></item>
    /// <item><term>Updated or moved several times</term><description>
    /// One Updated or Moved with the last item and the last cause.
    /// </description></item>
    /// <item><term>Removed and added again</term><description>Updated or Moved.</description></item>
    /// <item><term>Items that changed places</term><description>
    /// Moved, or for one of them Removed and Added.
    /// </description></item>
    /// <item><term>Anything before the snapshot was notified</term><description>A later snapshot.</description></item>
    /// <item><term>OnError or OnCompleted</term><description>What waits, at once; then the same.</description></item>
    /// </list>
    /// <para>
    /// Removals come first in the set. Its version is that of the last commit in it. Cost: O(n) once, then O(log n) a
    /// change.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative.</exception>
    public static IObservable<ChangeSet<TItem, TKey, TCause>> Conflate<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source, IScheduler scheduler, TimeSpan interval = default)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.Zero);
        return Observable.Create<ChangeSet<TItem, TKey, TCause>>(observer =>
            new Conflation<TItem, TKey, TCause>(observer, scheduler, interval).Run(source));
    }

    /// <summary>Keeps a list equal to that of the source: what a user interface shows.</summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    /// <param name="target">The list. Its former items are dropped, and nobody else may change it.</param>
    /// <param name="resetThreshold">
    /// The most changes of one set that are applied one by one; above it, and for a snapshot, the list is cleared and
    /// filled again.
    /// </param>
    /// <returns>Ends the binding. The list stays as it is.</returns>
    /// <remarks>
    /// The list is changed on the thread that notifies: put <see cref="Conflate"/> with the scheduler of the user
    /// interface before it.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative.</exception>
    public static IDisposable BindTo<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source, IList<TItem> target, int resetThreshold = 25)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(resetThreshold);
        return source.Subscribe(new ListBinding<TItem, TKey, TCause>(target, resetThreshold).Apply);
    }

    /// <summary>
    /// Passes each change set through a view that is made anew for each subscription; null is left out.
    /// </summary>
    internal static IObservable<ChangeSet<TItem, TKey, TCause>> Through<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source,
        Func<Func<ChangeSet<TItem, TKey, TCause>, ChangeSet<TItem, TKey, TCause>?>> makeView)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum => Observable.Defer(() => source
            .Select(makeView())
            .Where(changes => changes is not null)
            .Select(changes => changes!)); // The line above has sorted out null.
}
