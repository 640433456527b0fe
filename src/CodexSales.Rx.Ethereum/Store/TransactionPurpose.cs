namespace CodexSales.Rx.Ethereum.Store;

/// <summary>What a transaction is for.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Slot">The slot that it is about; null for <see cref="TransactionKind.Approve"/> and
/// <see cref="TransactionKind.FillNonce"/>.</param>
/// <param name="Period">
/// The proof period that it is for; null for all but <see cref="TransactionKind.SubmitProof"/>. Source:
/// <c>Periods.sol</c>: the block's timestamp divided by the period's length.
/// </param>
/// <param name="Amount">
/// The tokens that it is about, in the smallest unit: what is approved, or the collateral of a fill; otherwise 0.
/// </param>
public sealed record TransactionPurpose(TransactionKind Kind, SlotKey? Slot, ulong? Period, UInt256 Amount)
{
    /// <summary>
    /// Whether the other purpose is the same one, asked for again: the amount may differ. While a transaction is in
    /// flight for it, no second one is sent.
    /// </summary>
    public bool IsSameAs(TransactionPurpose other) =>
        Kind == other.Kind && Slot == other.Slot && Period == other.Period;

    /// <summary>"fillSlot 0x1234…cdef/3", for people. Not unique.</summary>
    public override string ToString() => (Kind, Slot, Period) switch
    {
        (TransactionKind.Approve, _, _) => $"approve {Amount}",
        (TransactionKind.ReserveSlot, _, _) => $"reserveSlot {Slot?.ToShortString()}",
        (TransactionKind.FillSlot, _, _) => $"fillSlot {Slot?.ToShortString()}",
        (TransactionKind.FreeSlot, _, _) => $"freeSlot {Slot?.ToShortString()}",
        (TransactionKind.FillNonce, _, _) => "a transaction of nothing",
        _ => $"submitProof {Slot?.ToShortString()} of period {Period}",
    };
}
