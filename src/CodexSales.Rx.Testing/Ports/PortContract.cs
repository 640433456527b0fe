using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Testing.Ports;

/// <summary>Checks a host app's ports by the rules of their interfaces, and throws with all broken rules.</summary>
/// <remarks>
/// Faults that a port has only now and then, or when its disk fails, are not seen. Threading: for one caller at a time;
/// the port may answer on any thread. A check takes as long as the port does.
/// </remarks>
public static class PortContract
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(1);

    /// <summary>Checks storage: fetches the slots, keeps them, leaves one half way, and deletes them.</summary>
    /// <param name="storage">The storage. There must be nothing of the slots; nothing is left of them.</param>
    /// <param name="downloads">Two slots at least that it can fetch.</param>
    /// <param name="bytesOf">How many bytes of a slot there are, by whatever way there is to look.</param>
    /// <param name="time">Where time passes: <c>TaskPoolScheduler.Default</c> for real ports.</param>
    /// <param name="patience">How long any call may take; a minute when null.</param>
    /// <exception cref="ContractViolationException">Rules are broken; all that were seen are named.</exception>
    public static async Task CheckStorageAsync(
        ISlotStorage storage,
        IReadOnlyList<SlotDownload> downloads,
        Func<SlotKey, ulong> bytesOf,
        IScheduler time,
        TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(storage);
        ArgumentNullException.ThrowIfNull(downloads);
        ArgumentNullException.ThrowIfNull(bytesOf);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThan(downloads.Count, 2, nameof(downloads));
        var check = new PortCheck(time, patience ?? DefaultPatience);
        await new StorageChecks(check, storage, downloads, bytesOf).RunAsync().ConfigureAwait(false);
        check.ThrowIfBroken("storage");
    }

    /// <summary>Checks a prover: it proves a slot for two challenges at once.</summary>
    /// <param name="prover">The prover.</param>
    /// <param name="slot">A slot whose data it has.</param>
    /// <param name="one">A challenge.</param>
    /// <param name="other">Another one.</param>
    /// <param name="time">Where time passes: <c>TaskPoolScheduler.Default</c> for real ports.</param>
    /// <param name="patience">How long any call may take; a minute when null.</param>
    /// <param name="verify">Verifies a proof; without it, two challenges' proofs need only differ.</param>
    /// <exception cref="ContractViolationException">Rules are broken; all that were seen are named.</exception>
    public static async Task CheckProverAsync(
        IProver prover,
        SlotKey slot,
        Bytes32 one,
        Bytes32 other,
        IScheduler time,
        TimeSpan? patience = null,
        Func<SlotKey, Bytes32, Groth16Proof, bool>? verify = null)
    {
        ArgumentNullException.ThrowIfNull(prover);
        ArgumentNullException.ThrowIfNull(time);
        var check = new PortCheck(time, patience ?? DefaultPatience);
        await new ProverChecks(check, prover, slot, verify).RunAsync(one, other).ConfigureAwait(false);
        check.ThrowIfBroken("prover");
    }

    /// <summary>Checks a market while blocks come; given proofs, also with a slot that it reserves and fills.</summary>
    /// <param name="market">The market. The slot stays filled.</param>
    /// <param name="slot">A slot of a request that is open. Free, and not reserved, where it is to be filled.</param>
    /// <param name="time">Where time passes: <c>TaskPoolScheduler.Default</c> for real ports.</param>
    /// <param name="patience">How long a call may take, and three blocks; a minute when null.</param>
    /// <param name="prove">Makes a proof for the slot as it is seen there. Without it, nothing is sent.</param>
    /// <exception cref="ContractViolationException">Rules are broken; all that were seen are named.</exception>
    public static async Task CheckMarketAsync(
        IMarket market,
        SlotKey slot,
        IScheduler time,
        TimeSpan? patience = null,
        Func<SlotView, Task<Groth16Proof>>? prove = null)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(time);
        var check = new PortCheck(time, patience ?? DefaultPatience);
        using var checks = new MarketChecks(check, market, slot);
        await checks.RunAsync(prove).ConfigureAwait(false);
        check.ThrowIfBroken("market");
    }

    /// <summary>Checks a store of sales: what it remembers of what was saved, before and after a restart.</summary>
    /// <param name="begin">Makes a store that was never written to, whose history holds so many sales.</param>
    /// <param name="restart">Closes and reopens a store, as a restart does; one in memory is given back.</param>
    /// <param name="time">Where time passes: <c>TaskPoolScheduler.Default</c> for real ports.</param>
    /// <param name="patience">How long any call may take; a minute when null.</param>
    /// <exception cref="ContractViolationException">Rules are broken; all that were seen are named.</exception>
    public static async Task CheckStoreAsync(
        Func<int, ISalesStore> begin, Func<ISalesStore, ISalesStore> restart, IScheduler time, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(begin);
        ArgumentNullException.ThrowIfNull(restart);
        ArgumentNullException.ThrowIfNull(time);
        var check = new PortCheck(time, patience ?? DefaultPatience);
        await new StoreChecks(check, begin, restart).RunAsync().ConfigureAwait(false);
        check.ThrowIfBroken("store");
    }
}
