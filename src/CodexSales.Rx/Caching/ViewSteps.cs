namespace CodexSales.Rx.Caching;

/// <summary>Gathers the changes of a view until they are a set.</summary>
internal sealed class ViewSteps<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly List<Change<TItem, TKey, TCause>> _steps = [];

    public void Add(in Change<TItem, TKey, TCause> step) => _steps.Add(step);

    public ChangeSet<TItem, TKey, TCause>? Take(long version)
    {
        ChangeSet<TItem, TKey, TCause>? changes = _steps.Count switch
        {
            0 => null,
            1 => new OneChange<TItem, TKey, TCause>(version, _steps[0]),
            _ => new SeveralChanges<TItem, TKey, TCause>(version, [.. _steps]),
        };
        _steps.Clear();
        return changes;
    }
}
