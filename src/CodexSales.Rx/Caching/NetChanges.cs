using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <summary>The net effect of several change sets on each key.</summary>
internal sealed class NetChanges<TItem, TKey, TCause>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly Dictionary<TKey, Net> _byKey = [];

    /// <summary>The number of the last commit.</summary>
    public long Version { get; private set; }

    /// <summary>The snapshot on which it begins, if that is not the state before.</summary>
    public SnapshotOf<TItem, TKey, TCause>? Snapshot { get; private set; }

    /// <summary>The changes, each without a position.</summary>
    public IReadOnlyCollection<Net> Changes => _byKey.Values;

    public bool IsEmpty => Snapshot is null && _byKey.Count == 0;

    public void Add(ChangeSet<TItem, TKey, TCause> changes)
    {
        Version = changes.Version;
        if (changes is SnapshotOf<TItem, TKey, TCause> snapshot)
        {
            Snapshot = snapshot;
            _byKey.Clear();
            return;
        }

        foreach (var change in changes)
        {
            ref var net = ref CollectionsMarshal.GetValueRefOrAddDefault(_byKey, change.Key, out var exists);
            net = exists ? net with { Last = change } : new Net(change.Before, change);
            if (ReferenceEquals(net.Before, net.Last.After))
            {
                _byKey.Remove(change.Key);
            }
        }
    }

    public void Clear()
    {
        Snapshot = null;
        _byKey.Clear();
    }

    /// <summary>The item at the beginning, and the last change of it.</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Net(TItem? Before, Change<TItem, TKey, TCause> Last)
    {
        public TItem? After => Last.After;
    }
}
