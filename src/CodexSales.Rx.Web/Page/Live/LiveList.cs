using System.Reactive.Subjects;
using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>A viewer's copy of a list of the host, kept equal to it by its change sets.</summary>
internal sealed class LiveList<TItem, TKey, TCause> : IDisposable
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly Subject<ChangeSet<TItem, TKey, TCause>> _changes = new();
    private readonly List<TItem> _items = [];
    private readonly IDisposable _binding;

    public LiveList() => _binding = _changes.BindTo(_items);

    public IReadOnlyList<TItem> Items => _items;

    /// <summary>Shows what was there, until the first change set comes.</summary>
    public void Fill(IEnumerable<TItem> items) => _items.AddRange(items);

    /// <summary>Takes what has changed.</summary>
    public void Apply(ChangeSet<TItem, TKey, TCause> changes) => _changes.OnNext(changes);

    public void Dispose()
    {
        _binding.Dispose();
        _changes.Dispose();
    }
}
