using System.Reactive.Subjects;
using System.Runtime.CompilerServices;
using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>
/// Pictures of a list of the host, a few a second at most: of its change sets, then of those of the list that a restart puts in its
/// place. However many look, the core hands each change to one reader, which keeps at most one for each row.
/// </summary>
/// <param name="connect">Connects to the list as it is at that moment.</param>
/// <param name="draw">What is shown after a change set: from the picture before it, if any, and the whole list.</param>
/// <param name="time">The time of viewers.</param>
internal sealed class LiveList<TItem, TKey, TCause, TPicture>(
    Func<CancellationToken, IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>>> connect,
    Func<TPicture?, ChangeSet<TItem, TKey, TCause>, IReadOnlyList<TItem>, TPicture> draw,
    TimeProvider time) : Live<TPicture>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
    where TPicture : class
{
    private static readonly TimeSpan _frame = TimeSpan.FromMilliseconds(300);

    protected override async IAsyncEnumerable<TPicture> MakeAsync([EnumeratorCancellation] CancellationToken nobodyLooks)
    {
        using var timer = new PeriodicTimer(_frame, time);
        using var changed = new Subject<ChangeSet<TItem, TKey, TCause>>();
        var items = new List<TItem>();
        using var binding = changed.BindTo(items);
        TPicture? picture = null;
        do
        {
            await foreach (var changes in connect(nobodyLooks).ConfigureAwait(false))
            {
                changed.OnNext(changes);
                yield return picture = draw(picture, changes, items);
                await timer.WaitForNextTickAsync(nobodyLooks).ConfigureAwait(false);
            }
        }
        while (await timer.WaitForNextTickAsync(nobodyLooks).ConfigureAwait(false));
    }
}
