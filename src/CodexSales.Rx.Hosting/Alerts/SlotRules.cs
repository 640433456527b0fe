using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Missed proofs, and collateral that is lost or kept, of single slots.</summary>
internal sealed class SlotRules(AlertBook book)
{
    /// <summary>The contract has marked a proof as missing.</summary>
    public void NoteMissedProof(SaleStep step) => book.Note(new Sign(
        AlertKind.ProofMissed,
        AlertSeverity.Critical,
        NameOf(step.Sale),
        $"{step.MissedProofs} proofs of slot {NameOf(step.Sale)} were missed: each costs collateral, and too many the slot."));

    /// <summary>A sale is over.</summary>
    public void NoteEnd(SaleStep step)
    {
        var (slot, end) = (NameOf(step.Sale), step.End!);
        book.End(AlertKind.ProofMissed, slot);
        if (end.CollateralLost > UInt256.Zero)
        {
            var isLost = end.Reason is not SaleReason.Paid and not SaleReason.RequestExpired;
            book.Note(new Sign(
                isLost ? AlertKind.SlotLost : AlertKind.CollateralSlashed,
                isLost ? AlertSeverity.Critical : AlertSeverity.Warning,
                slot,
                isLost
                    ? $"Slot {slot} is lost, with {end.CollateralLost} of collateral: {end.Detail}"
                    : $"Slot {slot} was paid, but the contract kept {end.CollateralLost} of its collateral for missed proofs."));
        }
    }

    private static string NameOf(Sale sale) => $"{sale.Slot}";
}
