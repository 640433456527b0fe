namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>Storage that a test scripts slot by slot; by default everything is stored at once.</summary>
internal sealed class ScriptedStorage : ISlotStorage
{
    public Func<SlotDownload, IObservable<ulong>> OnStore { get; set; } =
        download => Observable.Return(download.Request.Ask.SlotSizeBytes);

    /// <summary>What comes of a call in place of the download.</summary>
    public Func<IObservable<ulong>, IObservable<ulong>> OnGiven { get; set; } = work => work;

    public Action<SlotDownload> OnCall { get; set; } = _ => { };

    public Func<SlotKey, Task> OnKeep { get; set; } = _ => Task.CompletedTask;

    public Func<SlotKey, Task> OnClear { get; set; } = _ => Task.CompletedTask;

    public List<SlotDownload> Stored { get; } = [];

    public List<(SlotKey Slot, UnixSeconds Until)> Kept { get; } = [];

    public List<SlotKey> Cleared { get; } = [];

    /// <summary>The slots of which there may be data.</summary>
    public HashSet<SlotKey> Slots { get; } = [];

    public int Running { get; private set; }

    public IObservable<ulong> Store(SlotDownload download)
    {
        OnCall(download);
        return OnGiven(Observable.Defer(() =>
        {
            Stored.Add(download);
            Slots.Add(download.Slot);
            Running++;
            return OnStore(download).Finally(() => Running--);
        }));
    }

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation)
    {
        Kept.Add((slot, until));
        return OnKeep(slot);
    }

    public async Task ClearAsync(SlotKey slot, CancellationToken cancellation)
    {
        Cleared.Add(slot);
        await OnClear(slot);
        Slots.Remove(slot);
    }
}
