using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <summary>
/// Hands the commits of a cache to its subscriptions: in the order in which they were posted, one after the other, by whichever
/// thread found nobody delivering, and never under the gate.
/// </summary>
/// <remarks>
/// A subscription begins by a message in the same queue as the commits. So it is in nobody's way: it gets its snapshot after the
/// commits that are in it were handed out, and before the first one that is not.
/// </remarks>
internal sealed class ChangeDelivery<TItem, TKey, TCause>(Lock gate, Action<Exception> subscriberFailed)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    // Under the gate.
    private readonly Queue<Message> _waiting = [];
    private int _subscriptions;
    private bool _isDelivering;
    private bool _hasEnded;

    // Only the thread that delivers uses these; the gate passes them on to the next one.
    private readonly List<CacheSubscription<TItem, TKey, TCause>> _begun = [];
    private ExceptionDispatchInfo? _failedReport;

    public bool HasSubscriptionsUnderGate => _subscriptions > 0;

    /// <summary>As <see cref="PostUnderGate"/>, for a message by which a subscription begins.</summary>
    public bool BeginUnderGate(in Message message)
    {
        _subscriptions++;
        return PostUnderGate(message);
    }

    /// <summary>Whether the caller has to deliver the message once it has left the gate; otherwise somebody else will.</summary>
    public bool PostUnderGate(in Message message)
    {
        if (_isDelivering)
        {
            _waiting.Enqueue(message);
            return false;
        }

        _isDelivering = true;
        return true;
    }

    /// <summary>A subscription has ended.</summary>
    public void Forget()
    {
        lock (gate)
        {
            _subscriptions--;
            _hasEnded = true;
        }
    }

    /// <summary>Delivers the message and those that come meanwhile.</summary>
    public void Deliver(Message message)
    {
        do
        {
            Hand(message);
        }
        while (TryGetNext(out message));
    }

    private bool TryGetNext(out Message message)
    {
        ExceptionDispatchInfo? failedReport;
        lock (gate)
        {
            if (_hasEnded)
            {
                _hasEnded = false;
                _begun.RemoveAll(subscription => !subscription.IsActive);
            }

            if (_waiting.TryDequeue(out message))
            {
                return true;
            }

            (failedReport, _failedReport) = (_failedReport, null);
            _isDelivering = false;
        }

        failedReport?.Throw();
        return false;
    }

    private void Hand(in Message message)
    {
        if (message.Beginning is { } subscription)
        {
            if (subscription.IsActive)
            {
                _begun.Add(subscription);
                Guard(subscription, null, static (beginning, _) => beginning.Begin());
            }
        }
        else if (message.Changes is { } changes)
        {
            foreach (var each in CollectionsMarshal.AsSpan(_begun))
            {
                Guard(each, changes, static (receiving, set) => receiving.Next(set!));
            }
        }
        else
        {
            foreach (var each in CollectionsMarshal.AsSpan(_begun))
            {
                Guard(each, null, static (ending, _) => ending.Complete());
            }

            _begun.Clear();
        }
    }

    /// <summary>A subscriber that throws is detached and reported, and the others get what it got.</summary>
    private void Guard(
        CacheSubscription<TItem, TKey, TCause> subscription,
        ChangeSet<TItem, TKey, TCause>? changes,
        Action<CacheSubscription<TItem, TKey, TCause>, ChangeSet<TItem, TKey, TCause>?> notify)
    {
        try
        {
            notify(subscription, changes);
        }
        catch (Exception failure)
        {
            subscription.Dispose();
            Report(failure);
        }
    }

    private void Report(Exception failure)
    {
        try
        {
            subscriberFailed(failure);
        }
        catch (Exception failureOfReport)
        {
            // It goes to whoever committed, after everything is delivered.
            _failedReport ??= ExceptionDispatchInfo.Capture(failureOfReport);
        }
    }

    /// <summary>A commit, a subscription that begins, or, when both are null, the end of the cache.</summary>
    public readonly record struct Message(
        ChangeSet<TItem, TKey, TCause>? Changes, CacheSubscription<TItem, TKey, TCause>? Beginning);
}
