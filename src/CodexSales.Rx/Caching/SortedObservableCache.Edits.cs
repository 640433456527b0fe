using System.Diagnostics.CodeAnalysis;

namespace CodexSales.Rx.Caching;

/// <content>What changes the cache.</content>
public sealed partial class SortedObservableCache<TItem, TKey, TCause>
{
    /// <summary>Changes the cache in one commit.</summary>
    /// <param name="edit">Called at once, under the cache's lock. If it throws, nothing has changed.</param>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public void Edit(Action<CacheEditor<TItem, TKey, TCause>> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        Edit(edit, static (editor, action) =>
        {
            action(editor);
            return true;
        });
    }

    /// <summary>Changes the cache in one commit, without a closure: the delegate can be static.</summary>
    /// <param name="state">Passed to the delegate.</param>
    /// <param name="edit">Called at once, under the cache's lock. If it throws, nothing has changed.</param>
    /// <returns>What the delegate returns.</returns>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public TResult Edit<TState, TResult>(TState state, Func<CacheEditor<TItem, TKey, TCause>, TState, TResult> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        TResult result;
        bool delivers;
        ChangeDelivery<TItem, TKey, TCause>.Message message;
        lock (_gate)
        {
            ThrowIfEditing();
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _editor.Open();
            try
            {
                result = edit(_editor, state);
            }
            catch
            {
                _editor.RollBack();
                throw;
            }

            delivers = CommitUnderGate(out message);
        }

        if (delivers)
        {
            _delivery.Deliver(message);
        }

        return result;
    }

    /// <summary>Adds an item whose key is new.</summary>
    /// <exception cref="ArgumentException">There is an item with the same key.</exception>
    /// <exception cref="InconsistentOrderException">The comparer holds it for equal to an item with another
    /// key.</exception>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public void Add(TItem item, TCause cause) => Edit((item, cause), static (editor, added) =>
    {
        editor.Add(added.item, added.cause);
        return true;
    });

    /// <summary>Adds an item, or replaces the one with the same key; it moves where its order has changed.</summary>
    /// <returns>What was done; null when the very same object is in the cache already, which changes nothing.</returns>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public ChangeKind? AddOrUpdate(TItem item, TCause cause) =>
        Edit((item, cause), static (editor, put) => editor.AddOrUpdate(put.item, put.cause));

    /// <summary>Removes the item with the key; false when there is none.</summary>
    /// <exception cref="InconsistentOrderException">The comparer is no total order.</exception>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public bool Remove(TKey key, TCause cause) =>
        Edit((key, cause), static (editor, removed) => editor.Remove(removed.key, removed.cause));

    /// <summary>Removes and returns the first item, never the same to two callers; false when there is none.</summary>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public bool TryTakeFirst(TCause cause, [NotNullWhen(true)] out TItem? item)
    {
        item = Edit(cause, static (editor, why) => editor.TryTakeFirst(why, out var first) ? first : null);
        return item is not null;
    }

    /// <summary>Removes and returns the last item, never the same to two callers; false when there is none.</summary>
    /// <exception cref="InvalidOperationException">It is called inside an edit of the same cache.</exception>
    /// <exception cref="ObjectDisposedException">The cache is disposed.</exception>
    public bool TryTakeLast(TCause cause, [NotNullWhen(true)] out TItem? item)
    {
        item = Edit(cause, static (editor, why) => editor.TryTakeLast(why, out var last) ? last : null);
        return item is not null;
    }

    /// <summary>Numbers the edit; whether the caller has to deliver it once it has left the gate.</summary>
    private bool CommitUnderGate(out ChangeDelivery<TItem, TKey, TCause>.Message message)
    {
        var isChanged = _editor.HasSteps;
        var isWanted = isChanged && _delivery.HasSubscriptionsUnderGate;
        message = default;
        if (isChanged)
        {
            _snapshot = null;
            Volatile.Write(ref _version, _version + 1);
            Volatile.Write(ref _count, _contents.Count);
        }

        if (isWanted)
        {
            message = new(_editor.ToChangeSet(_version), null);
        }

        _editor.Close();
        return isWanted && _delivery.PostUnderGate(ref message);
    }
}
