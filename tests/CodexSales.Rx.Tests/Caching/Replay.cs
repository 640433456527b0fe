namespace CodexSales.Rx.Tests.Caching;

/// <summary>A subscriber that applies change sets to a list and checks that each one fits.</summary>
internal sealed class Replay : IObserver<ChangeSet<Item, int, Why>>
{
    private bool _isNotifying;

    /// <summary>Whether the versions come without gaps: those of a view don't.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Whether a set may come without a commit, as when a predicate changes.</summary>
    public bool MayRepeatVersions { get; init; }

    public List<Item> Items { get; } = [];

    public List<ChangeSet<Item, int, Why>> Sets { get; } = [];

    public bool IsCompleted { get; private set; }

    public Exception? Error { get; private set; }

    public void OnNext(ChangeSet<Item, int, Why> value)
    {
        Check(!_isNotifying, "A notification came within another one.");
        Check(!IsCompleted, "A notification came after the end.");
        _isNotifying = true;
        Check(value.IsSnapshot == (Sets.Count == 0), "The first set, and no other one, is a snapshot.");
        Check(value.Count > 0 || value.IsSnapshot, "A set is empty.");
        Check(
            Sets.Count == 0 || (IsWhole ? value.Version == Sets[^1].Version + 1
                : value.Version > Sets[^1].Version - (MayRepeatVersions ? 1 : 0)),
            "The versions are not in order.");
        foreach (var change in value)
        {
            Apply(change);
            Check(
                !value.IsSnapshot || (change.Cause, change.Kind) is (Why.Snapshot, ChangeKind.Added),
                "The changes of a snapshot are additions.");
        }

        Sets.Add(value);
        _isNotifying = false;
    }

    public void OnError(Exception error) => Error = error;

    public void OnCompleted()
    {
        Check(!IsCompleted, "It completed twice.");
        IsCompleted = true;
    }

    private void Apply(in Change<Item, int, Why> change)
    {
        if (change.Before is { } before)
        {
            Check(ReferenceEquals(Items[change.PositionBefore], before), $"{change} does not fit.");
            Check(change.Key == before.Key, $"{change} has another key.");
            Items.RemoveAt(change.PositionBefore);
        }
        else
        {
            Check(change.PositionBefore == -1, $"{change} has a position before.");
        }

        if (change.After is { } after)
        {
            Check(change.Key == after.Key, $"{change} has another key.");
            Items.Insert(change.PositionAfter, after);
        }
        else
        {
            Check(change.PositionAfter == -1, $"{change} has a position after.");
        }

        var kind = (change.Before, change.After) switch
        {
            (null, not null) => ChangeKind.Added,
            (not null, null) => ChangeKind.Removed,
            _ when change.PositionBefore == change.PositionAfter => ChangeKind.Updated,
            _ => ChangeKind.Moved,
        };
        Check(change.Kind == kind, $"{change} is {kind}.");
    }

    private static void Check(bool holds, string message)
    {
        if (!holds)
        {
            throw new InvalidOperationException(message);
        }
    }
}
