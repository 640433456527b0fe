using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace CodexSales.Rx.Caching;

/// <summary>Hands the commits of a cache to its subscriptions: in the order in which they were posted, one after the
/// other, by whichever thread found nobody delivering, and never under the gate.</summary>
/// <remarks>A subscription begins by a message in the same queue as the commits. So it is in nobody's way: it gets its
/// snapshot after the commits that are in it were handed out, and before the first one that is not.</remarks>
internal sealed class ChangeDelivery<TItem, TKey, TCause>(Lock gate, Action<Exception> subscriberFailed)
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private const int Idle = 0;
    private const int Delivering = 1;
    private const int DeliveringAndMoreWaits = 2;

    // Leaves Idle under the gate only. The thread that delivers goes back to Idle without the gate, while nothing
    // waits.
    private int _state;

    // Under the gate.
    private readonly Queue<Message> _waiting = [];
    private int _subscriptions;

    // Only the thread that delivers uses it; the state passes it on to the next one.
    private readonly List<CacheSubscription<TItem, TKey, TCause>> _begun = [];
    private volatile bool _hasEnded;

    public bool HasSubscriptionsUnderGate => _subscriptions > 0;

    /// <summary>As <see cref="PostUnderGate"/>, for a message by which a subscription begins.</summary>
    public bool BeginUnderGate(ref Message message)
    {
        _subscriptions++;
        return PostUnderGate(ref message);
    }

    /// <summary>Whether the caller has to deliver the message once it has left the gate; otherwise another thread will,
    /// or this one further up.</summary>
    public bool PostUnderGate(ref Message message)
    {
        if (Volatile.Read(ref _state) == Idle)
        {
            _state = Delivering;
            return true;
        }

        _waiting.Enqueue(message);
        if (Interlocked.Exchange(ref _state, DeliveringAndMoreWaits) != Idle)
        {
            return false;
        }

        // The other thread left meanwhile, which it does only when nothing waits: so this message is the only one.
        message = _waiting.Dequeue();
        Volatile.Write(ref _state, Delivering);
        return true;
    }

    /// <summary>A subscription has ended.</summary>
    public void Forget()
    {
        lock (gate)
        {
            _subscriptions--;
        }

        _hasEnded = true;
    }

    /// <summary>Delivers the message and those that come meanwhile.</summary>
    public void Deliver(Message message)
    {
        ExceptionDispatchInfo? failedReport = null;
        do
        {
            if (_hasEnded)
            {
                _hasEnded = false;
                _begun.RemoveAll(subscription => !subscription.IsActive);
            }

            Hand(message, ref failedReport);
        }
        while (TryGetNext(out message));
        failedReport?.Throw();
    }

    private bool TryGetNext(out Message message)
    {
        message = default;
        if (Interlocked.CompareExchange(ref _state, Idle, Delivering) == Delivering)
        {
            return false;
        }

        lock (gate)
        {
            message = _waiting.Dequeue();
            if (_waiting.Count == 0)
            {
                Volatile.Write(ref _state, Delivering);
            }
        }

        return true;
    }

    private void Hand(in Message message, ref ExceptionDispatchInfo? failedReport)
    {
        if (message.Of is { } subscription)
        {
            if (subscription.IsActive)
            {
                if (message.Changes is null)
                {
                    _begun.Add(subscription);
                }

                Notify(subscription, message, ref failedReport);
            }

            return;
        }

        foreach (var each in CollectionsMarshal.AsSpan(_begun))
        {
            Notify(each, message, ref failedReport);
        }

        if (message.Changes is null)
        {
            _begun.Clear();
        }
    }

    private void Notify(
        CacheSubscription<TItem, TKey, TCause> subscription, in Message message, ref ExceptionDispatchInfo? failedReport)
    {
        try
        {
            if (message.Changes is { } changes)
            {
                subscription.Next(changes);
            }
            else if (message.Of is not null)
            {
                subscription.Begin();
            }
            else
            {
                subscription.Complete();
            }
        }
        catch (Exception failure)
        {
            Detach(subscription, failure, ref failedReport);
        }
    }

    // A subscriber that throws gets nothing more and is reported, and the others get what it got.
    private void Detach(
        CacheSubscription<TItem, TKey, TCause> subscription, Exception failure, ref ExceptionDispatchInfo? failedReport)
    {
        subscription.Dispose();
        try
        {
            subscriberFailed(failure);
        }
        catch (Exception failureOfReport)
        {
            // It goes to whoever committed, after everything is delivered.
            failedReport ??= ExceptionDispatchInfo.Capture(failureOfReport);
        }
    }

    /// <summary>A commit; a subscription that begins; with both, what one subscription alone is told; with none, the
    /// end of the cache.</summary>
    public readonly record struct Message(
        ChangeSet<TItem, TKey, TCause>? Changes, CacheSubscription<TItem, TKey, TCause>? Of);
}
