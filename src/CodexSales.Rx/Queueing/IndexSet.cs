using System.Collections;

namespace CodexSales.Rx.Queueing;

/// <summary>A set of slot indices that costs nothing while it has one member, as most have.</summary>
internal sealed class IndexSet : IEnumerable<ulong>
{
    private ulong? _only;
    private HashSet<ulong>? _several;

    public void Add(ulong index)
    {
        if (_several is null && (_only is null || _only == index))
        {
            _only = index;
            return;
        }

        _several ??= [_only!.Value]; // With no set there is one member, or the branch above was taken.
        _several.Add(index);
    }

    public void Remove(ulong index)
    {
        if (_several is not null)
        {
            _several.Remove(index);
        }
        else if (_only == index)
        {
            _only = null;
        }
    }

    public void Clear() => (_only, _several) = (null, null);

    public IEnumerator<ulong> GetEnumerator()
    {
        IEnumerable<ulong> members = _several is not null ? _several : _only is { } only ? [only] : [];
        return members.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
