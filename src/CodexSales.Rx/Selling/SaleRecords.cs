using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Selling;

/// <summary>What is remembered of a sale, and how it is taken up again.</summary>
internal static class SaleRecords
{
    /// <summary>Whether the sale is remembered from a state on. Before it nothing is held, and nothing was sent.</summary>
    public static bool IsRemembered(this SaleState state) => state is not (SaleUnknown or SalePreparing);

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
            SaleFilled filled => (filled.Hold, filled.FilledAt, filled.MissedProofs),
            SaleProving proving => (proving.Hold, proving.FilledAt, proving.MissedProofs),
            SalePayout payout => (payout.Hold, payout.FilledAt, payout.MissedProofs),
            SaleCancelled cancelled => (cancelled.Hold, cancelled.WasMine ? cancelled.FilledAt : null, cancelled.MissedProofs),
            SaleFailed failed => (failed.Hold, failed.WasMine ? failed.FilledAt : null, failed.MissedProofs),
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
