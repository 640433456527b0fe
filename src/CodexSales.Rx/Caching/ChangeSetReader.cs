using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CodexSales.Rx.Caching;

/// <summary>Keeps what its reader has not asked for yet: the changes of each key as one.</summary>
/// <remarks>The source adds to what waits and goes on; the reader works it out, on whatever thread it asks. A signal
/// says that something waits: one is enough, however much it is.</remarks>
internal sealed class ChangeSetReader<TItem, TKey, TCause> : IObserver<ChangeSet<TItem, TKey, TCause>>
    where TItem : class
    where TKey : notnull
    where TCause : struct, Enum
{
    private readonly ConflatedList<TItem, TKey, TCause> _list = new();

    // The reader goes on elsewhere, never inside of the notification.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private ChangeSetReader()
    {
    }

    public static async IAsyncEnumerable<ChangeSet<TItem, TKey, TCause>> Read(
        IObservable<ChangeSet<TItem, TKey, TCause>> source,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var reader = new ChangeSetReader<TItem, TKey, TCause>();
        using var subscription = new SingleAssignmentDisposable();

        // A reader that is busy elsewhere, or stuck, would not notice for long.
        using var registration = cancellationToken.UnsafeRegister(
            static subscription => ((IDisposable)subscription!).Dispose(), subscription);
        subscription.Disposable = source.Subscribe(reader);
        while (await reader._signal.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // The signal goes first: what comes after it gives another one.
            reader._signal.Reader.TryRead(out _);
            if (reader._list.Take() is { } changes)
            {
                yield return changes;
            }
        }
    }

    public void OnNext(ChangeSet<TItem, TKey, TCause> value)
    {
        _list.Add(value);
        _signal.Writer.TryWrite(true);
    }

    public void OnError(Exception error) => _signal.Writer.TryComplete(error);

    public void OnCompleted() => _signal.Writer.TryComplete();
}
