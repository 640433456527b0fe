using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Resilience;

internal sealed class NoNullStorage(ISlotStorage storage) : ISlotStorage
{
    private const string Port = nameof(ISlotStorage);

    public IObservable<ulong> Store(SlotDownload download) => storage.Store(download)
        ?? Observable.Throw<ulong>(NoNull.Error(Port, "gives null in place of an observable"));

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken) =>
        NoNull.Done(Port, storage.KeepUntilAsync(slot, until, cancellationToken));

    public Task ClearAsync(SlotKey slot, CancellationToken cancellationToken) =>
        NoNull.Done(Port, storage.ClearAsync(slot, cancellationToken));
}
