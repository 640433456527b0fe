namespace CodexSales.Rx.Caching;

/// <summary>What can be made of a stream of change sets: of a cache's <c>Connect</c>, or of a view of it.</summary>
/// <remarks>
/// Threading: what is made notifies where its source does; <c>Conflate</c> on the scheduler that it is given. A reader of
/// <c>ToAsyncEnumerable</c> goes on as awaiting does, never inside of a notification.
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

    /// <summary>The list of rows that stand for the items, such as what is told to a web client.</summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    /// <param name="project">
    /// Makes the row of an item: called once for each item that comes, also when it takes the place of another one. It
    /// returns a new object each time, since the rows of two items must not be the same. An exception from it ends the
    /// subscription with that error.
    /// </param>
    /// <remarks>
    /// <para>
    /// Kinds, keys, positions, causes and versions are those of the source, and what can be made of its change sets can
    /// be made of these, too. A row is made anew for each subscription, and again when its item is updated.
    /// </para>
    /// <list type="table">
    /// <listheader><term>In the source</term><description>In the view</description></listheader>
    /// <item><term>Snapshot</term><description>A snapshot of a row for each item.</description></item>
    /// <item><term>Added</term><description>Added, with a new row.</description></item>
    /// <item><term>Updated, Moved</term><description>The same, with the former row before and a new one after.</description></item>
    /// <item><term>Removed</term><description>Removed, with the former row.</description></item>
    /// </list>
    /// <para>Cost: O(n) once, then O(log n) for each change; a row for each item, and what it was made of.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">As the stream's error: a row is null, or came twice.</exception>
    public static IObservable<ChangeSet<TRow, TKey, TCause>> Transform<TItem, TKey, TCause, TRow>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source, Func<TItem, TRow> project)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
        where TRow : class
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(project);
        return source.Through<TItem, TKey, TCause, TRow>(() => new TransformedView<TItem, TKey, TCause, TRow>(project).Apply);
    }

    /// <summary>
    /// For a reader that asks, such as <c>await foreach</c> and a web client's stream: first the snapshot, then change
    /// sets, as fast as it reads them.
    /// </summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    /// <remarks>
    /// <list type="table">
    /// <listheader><term>What happens</term><description>What the reader gets</description></listheader>
    /// <item><term>Something changes while it waits</term><description>The change set.</description></item>
    /// <item><term>Much changes while it is busy</term><description>
    /// One change set of what it came to, as from <see cref="Conflate"/>, after which its list is equal to that of the
    /// source. Nothing, where that is the same list as before.
    /// </description></item>
    /// <item><term>OnCompleted</term><description>What waits, then the end.</description></item>
    /// <item><term>OnError</term><description>What waits, then the error is thrown.</description></item>
    /// <item><term>It breaks off, or cancels</term><description>
    /// It is unsubscribed at once; when it cancels, the next read throws an <see cref="OperationCanceledException"/>.
    /// Cancelling works also while it does something else, or is stuck.
    /// </description></item>
    /// </list>
    /// <para>
    /// It subscribes with the first read, and anew for each enumerator. While it waits it has no thread; it goes on as
    /// awaiting does, never inside of the notification. The source never waits for it: what is kept for one that does
    /// not read is at most one change for each item of its list and of the source's, however long it takes. Cost: O(n)
    /// once, then O(log n) for each change that is read, on the reader's thread.
    /// </para>
    /// <para>A token is given by <c>WithCancellation</c>.</para>
    /// </remarks>
    public static IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>> ToAsyncEnumerable<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        return ChangeSetReader<TItem, TKey, TCause>.Read(source);
    }

    /// <summary>Keeps a list equal to that of the source: what a user interface shows.</summary>
    /// <param name="source">Change sets, a snapshot first.</param>
    /// <param name="target">
    /// The list. Its former items are dropped. Until the binding has ended nobody else may change it, and nobody may read
    /// it but on the thread that notifies, unless it takes care of that itself. It gives back the objects that it was
    /// given, at the positions where they were put, and it can be cleared, inserted into and removed from by position.
    /// </param>
    /// <param name="resetThreshold">
    /// The most changes of one set that are applied one by one; above it, and for a snapshot, the list is cleared and
    /// filled again.
    /// </param>
    /// <param name="onError">
    /// Told once, on the thread that notifies, of what ends the binding: what the list or one of its observers has
    /// thrown, that somebody else has changed the list, or the error of the source. Without it, that is thrown to whoever
    /// notifies: a cache takes it for a subscriber that failed, and tells it; a scheduler treats it as its own.
    /// </param>
    /// <returns>Ends the binding. The list stays as it is.</returns>
    /// <remarks>
    /// <para>
    /// The list is changed on the thread that notifies: put <see cref="Conflate"/> with the scheduler of the user
    /// interface before it.
    /// </para>
    /// <list type="table">
    /// <listheader><term>Change</term><description>What the list is asked</description></listheader>
    /// <item><term>Added, Removed</term><description><c>Insert</c>, <c>RemoveAt</c>.</description></item>
    /// <item><term>Updated</term><description>The item is set at its position.</description></item>
    /// <item><term>Moved</term><description>
    /// An <see cref="System.Collections.ObjectModel.ObservableCollection{T}"/>: the item is set, then <c>Move</c>, so that
    /// a user interface keeps its selection. Any other list: <c>RemoveAt</c>, then <c>Insert</c>.
    /// </description></item>
    /// <item><term>A snapshot, or a large set</term><description><c>Clear</c>, then <c>Add</c> for each item.</description></item>
    /// </list>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is negative.</exception>
    public static IDisposable BindTo<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source, IList<TItem> target, int resetThreshold = 25,
        Action<Exception>? onError = null)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegative(resetThreshold);
        var applied = source.Do(new ListBinding<TItem, TKey, TCause>(target, resetThreshold).Apply);
        return onError is null ? applied.Subscribe() : applied.Subscribe(_ => { }, onError);
    }

    /// <summary>Passes each change set through a view that is made anew for each subscription; null is left
    /// out.</summary>
    internal static IObservable<ChangeSet<TItem, TKey, TCause>> Through<TItem, TKey, TCause>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source,
        Func<Func<ChangeSet<TItem, TKey, TCause>, ChangeSet<TItem, TKey, TCause>?>> makeView)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum => source.Through<TItem, TKey, TCause, TItem>(makeView);

    private static IObservable<ChangeSet<TView, TKey, TCause>> Through<TItem, TKey, TCause, TView>(
        this IObservable<ChangeSet<TItem, TKey, TCause>> source,
        Func<Func<ChangeSet<TItem, TKey, TCause>, ChangeSet<TView, TKey, TCause>?>> makeView)
        where TItem : class
        where TKey : notnull
        where TCause : struct, Enum
        where TView : class => Observable.Defer(() => source
            .Select(makeView())
            .Where(changes => changes is not null)
            .Select(changes => changes!)); // The line above has sorted out null.
}
