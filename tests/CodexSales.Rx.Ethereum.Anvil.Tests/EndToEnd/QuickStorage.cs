using System.Collections.Concurrent;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>Storage that has all data at once, and remembers of which slots there is some.</summary>
internal sealed class QuickStorage : ISlotStorage
{
    private readonly ConcurrentDictionary<SlotKey, bool> _stored = new();

    public ICollection<SlotKey> Stored => _stored.Keys;

    public IObservable<ulong> Store(SlotDownload download) => Observable.Defer(() =>
    {
        _stored[download.Slot] = true;
        return Observable.Return(download.Request.Ask.SlotSizeBytes);
    });

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) => Task.CompletedTask;

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation)
    {
        _stored.TryRemove(slot, out _);
        return Task.CompletedTask;
    }
}
