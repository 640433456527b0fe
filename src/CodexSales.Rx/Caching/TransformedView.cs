namespace CodexSales.Rx.Caching;

/// <summary>Follows a list by position with a row for each of its items.</summary>
internal sealed class TransformedView<TItem, TKey, TCause, TRow>(Func<TItem, TRow> project)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
    where TRow : class
{
    private readonly ViewSteps<TRow, TKey, TCause> _steps = new();
    private OrderedTree<TRow> _rows = new(Comparer<TRow>.Default); // Until the snapshot, which comes first.
    private RowSchema<TItem, TKey, TRow>? _schema;

    public ChangeSet<TRow, TKey, TCause>? Apply(ChangeSet<TItem, TKey, TCause> changes)
    {
        if (changes is SnapshotOf<TItem, TKey, TCause> snapshot)
        {
            return Begin(snapshot);
        }

        foreach (var change in changes)
        {
            Apply(change);
        }

        return _steps.Take(changes.Version);
    }

    private SnapshotOf<TRow, TKey, TCause> Begin(SnapshotOf<TItem, TKey, TCause> snapshot)
    {
        _schema = new RowSchema<TItem, TKey, TRow>(snapshot.Schema);
        var rows = new TRow[snapshot.Count];
        for (var position = 0; position < rows.Length; position++)
        {
            rows[position] = RowOf(snapshot.Items[position]);
        }

        _rows = OrderedTree<TRow>.Of(rows, _schema.Schema.Order);
        return snapshot.With(rows, _schema.Schema);
    }

    private void Apply(in Change<TItem, TKey, TCause> change)
    {
        var before = change.Before is null ? null : _rows[change.PositionBefore];
        var after = change.After is { } item ? RowOf(item) : null;
        var step = new Change<TRow, TKey, TCause>(
            _schema!.Schema, before, change.PositionBefore, after, change.PositionAfter, change.Cause);
        _rows.Apply(step);
        _steps.Add(step);
    }

    private TRow RowOf(TItem item)
    {
        var row = project(item) ?? throw new InvalidOperationException($"The projection gave null for '{item}'.");
        _schema!.Note(row, item); // The snapshot, which comes first, has brought it.
        return row;
    }
}
