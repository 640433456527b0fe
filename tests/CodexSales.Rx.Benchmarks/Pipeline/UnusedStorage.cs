using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>Storage that no sale gets to.</summary>
internal sealed class UnusedStorage : ISlotStorage
{
    public IObservable<ulong> Store(SlotDownload download) => throw new NotSupportedException();

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) => throw new NotSupportedException();
}
