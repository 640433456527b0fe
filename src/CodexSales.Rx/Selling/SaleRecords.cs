using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Selling;

/// <summary>Turns a sale into its record, and back.</summary>
internal static class SaleRecords
{
    /// <summary>True if the state is saved. Before it reserves, a sale holds nothing and has sent nothing. While an end
    /// settles, the record keeps the state before it, so that a restart asks the chain again.</summary>
    public static bool IsRemembered(this SaleState state) => state is not (SaleUnknown or SalePreparing or SaleSettling);

    /// <summary>True if a worker is busy with a sale in that state: its slot is not filled yet.</summary>
    public static bool IsAcquiring(this SaleStateName state) => state is
        SaleStateName.SalePreparing or SaleStateName.SaleSlotReserving or SaleStateName.SaleDownloading
        or SaleStateName.SaleInitialProving or SaleStateName.SaleFilling;

    public static SaleRecord RecordOf(this SaleState state, UnixSeconds now) => new()
    {
        Number = state.Sale.Number,
        Terms = state.Sale.Terms,
        SlotIndex = state.Sale.Slot.SlotIndex,
        State = state.Name,
        StartedAt = state.Sale.StartedAt,
        At = now,
        HeldIn = state.Stake.Hold?.AvailabilityId,
        FilledAt = state.Stake.WasMine || state is SaleEnded ? state.Stake.FilledAt : null,
        MissedProofs = state.Stake.MissedProofs,
    };

    public static Sale SaleOf(this SaleRecord record) =>
        new(record.Number, new OpenSlot(record.Terms, record.SlotIndex, default)) { StartedAt = record.StartedAt };

    /// <summary>The stake in a sale of the process before; without a record, in one that the chain knows.</summary>
    public static Stake StakeWith(this SaleRecord? stored, Hold? hold)
    {
        var isFilled = stored?.State.IsAcquiring() is not true;
        return new Stake(
            hold,
            HasData: true,
            stored?.FilledAt,
            stored?.MissedProofs ?? 0,
            WasMine: isFilled && (stored is null || WasMine(stored)),
            IsFillSent: isFilled || stored!.State is SaleStateName.SaleFilling); // A slot of ours without a record was filled by us.
    }

    // After a host is forced out the slot has no host, so the view alone can't tell whether it ever was ours.
    private static bool WasMine(SaleRecord stored) => stored.State is SaleStateName.SaleProving or SaleStateName.SalePayout
        || stored is { FilledAt: not null } or { MissedProofs: > 0 };
}
