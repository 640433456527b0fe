using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Resilience;

/// <summary>Storage whose null is an error that names the member.</summary>
internal sealed class NoNullStorage(ISlotStorage storage) : ISlotStorage
{
    private const string Port = nameof(ISlotStorage);

    public IObservable<ulong> Store(SlotDownload download) => storage.Store(download)
        ?? Observable.Throw<ulong>(NoNull.Error(Port, "gives null in place of an observable"));

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        NoNull.Done(Port, storage.KeepUntilAsync(slot, until, cancellation));

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) =>
        NoNull.Done(Port, storage.ClearAsync(slot, cancellation));
}
