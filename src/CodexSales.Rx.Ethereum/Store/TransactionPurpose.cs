namespace CodexSales.Rx.Ethereum.Store;

/// <summary>What a transaction is for.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Slot">The slot; null for an approval and for <see cref="TransactionKind.FillNonce"/>.</param>
/// <param name="Period">The period of a <see cref="TransactionKind.SubmitProof"/>: block time by its length.</param>
/// <param name="Amount">The approved tokens, or the collateral of a fill, in the smallest unit; otherwise 0.</param>
public sealed record TransactionPurpose(TransactionKind Kind, SlotKey? Slot, ulong? Period, UInt256 Amount)
{
    /// <summary>Whether both are for the same thing, in whatever amount: only one is in flight at a time.</summary>
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
