using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Selling;

/// <summary>What is remembered of a sale, and how it is taken up again.</summary>
internal static class SaleRecords
{
    /// <summary>
    /// Whether the sale is remembered as it stands. Before it reserves, nothing is held, and nothing was sent. While an
    /// end settles, what stands is where it came from: a restart finds out anew.
    /// </summary>
    public static bool IsRemembered(this SaleState state) => state is not (SaleUnknown or SalePreparing or SaleSettling);

    /// <summary>Whether a worker is busy with a sale that stands there: its slot is not filled yet.</summary>
    public static bool IsAcquiring(this SaleStateName state) => state is
        SaleStateName.SalePreparing or SaleStateName.SaleSlotReserving or SaleStateName.SaleDownloading
        or SaleStateName.SaleInitialProving or SaleStateName.SaleFilling;

    public static SaleRecord RecordOf(this SaleState state, UnixSeconds now)
    {
        var (hold, filledAt, missed) = state switch
        {
            SaleSlotReserving reserving => (reserving.Hold, null, 0),
            SaleDownloading downloading => (downloading.Hold, null, 0),
            SaleInitialProving proving => (proving.Hold, null, 0),
            SaleFilling filling => (filling.Hold, null, 0),
            SaleWithStake { Stake: var stake } => (
                stake.Hold, stake.WasMine ? stake.FilledAt : null, stake.MissedProofs),
            SaleEnded ended => (ended.Hold, ended.FilledAt, ended.MissedProofs),
            _ => (default(Hold), default(UnixSeconds?), 0),
        };
        return new SaleRecord
        {
            Number = state.Sale.Number,
            Terms = state.Sale.Terms,
            SlotIndex = state.Sale.Slot.SlotIndex,
            State = state.Name,
            StartedAt = state.Sale.StartedAt,
            At = now,
            HeldIn = hold?.AvailabilityId,
            FilledAt = filledAt,
            MissedProofs = missed,
        };
    }

    public static Sale SaleOf(this SaleRecord record) =>
        new(record.Number, new OpenSlot(record.Terms, record.SlotIndex, default)) { StartedAt = record.StartedAt };
}
