using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>Storage as one life of the program sees it.</summary>
internal sealed class ProcessStorage(Process process, SimulatedStorage storage, World world) : ISlotStorage
{
    public IObservable<ulong> Store(SlotDownload download) =>
        Observable.FromAsync(() => process.Call("Store", download.Slot, () =>
            {
                process.Inspector.Download(download.Slot);
                return Task.FromResult(true);
            }))
            .SelectMany(_ => world.Subscriptions.Watch(storage.Store(download).Where(_ => process.IsAlive), "Store"))
            .Do(_ => { }, _ => Note(true), () => Note(false))
            .Finally(() => Note(true));

    private static async Task<bool> DoneBy(Task work)
    {
        await work;
        return true;
    }

    private void Note(bool hasFailed) => process.Inspector.Restraint.Note(HostPort.Storage, hasFailed);

    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
        process.Call("KeepUntilAsync", slot, async () =>
        {
            await process.Watch(HostPort.Storage, DoneBy(storage.KeepUntilAsync(slot, until, cancellation)), cancellation, ("keep", slot));
            return true;
        });

    public Task ClearAsync(SlotKey slot, CancellationToken cancellation) =>
        process.Call("ClearAsync", slot, async () =>
        {
            var clearing = process.Inspector.Clear(slot);
            world.Story.Tell("clear", world.Names.Of(slot), $"begins");
            await process.Watch(HostPort.Storage, DoneBy(storage.ClearAsync(slot, cancellation)), cancellation, ("clear", slot));
            if (process.IsAlive)
            {
                clearing.IsDone = true;
                world.Story.Tell("clear", world.Names.Of(slot), $"is done");
            }

            return true;
        });
}

/// <summary>The prover as one life of the program sees it.</summary>
internal sealed class ProcessProver(Process process, SimulatedProver prover, World world) : IProver
{
    public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
        process.Call("ProveAsync", slot, async () =>
        {
            var begin = world.Time.Now;
            var proof = await process.Watch(HostPort.Prover, prover.ProveAsync(slot, challenge, cancellation), cancellation);
            process.Inspector.Restraint.NoteProof(world.Time.Now - begin);
            return proof;
        });
}

/// <summary>The disk as one life of the program sees it.</summary>
internal sealed class ProcessStore(Process process, SimulatedStore store) : ISalesStore
{
    private bool _hasFailed;
    private int _underWay;

    /// <summary>Whether all that was decided is on the disk.</summary>
    public bool IsSettled => _underWay == 0 && !_hasFailed;

    public StoredSales Load() => store.Load();

    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellation)
    {
        // A write that is confirmed inside of the call stays so.
        Task? saved = null;
        var call = process.Call("SaveAsync", null, () =>
        {
            saved = store.SaveAsync(changes, cancellation);
            return Task.FromResult(true);
        });
        return call.IsCompleted ? Note(saved!) : call;
    }

    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(long before, int count, CancellationToken cancellation) =>
        store.ReadHistoryAsync(before, count, cancellation);

    private Task Note(Task saved)
    {
        if (saved.IsCompletedSuccessfully)
        {
            _hasFailed = false;
            return saved;
        }

        return NoteAsync(saved);
    }

    private async Task NoteAsync(Task saved)
    {
        _underWay++;
        _hasFailed = true;
        try
        {
            await saved;
            _hasFailed = false;
        }
        finally
        {
            _underWay--;
        }
    }
}
