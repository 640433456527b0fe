namespace CodexSales.Rx.Domain;

/// <summary>A request, or one slot of it, that is not for sale, and why.</summary>
/// <param name="At">The time of the refusal, on the chain's clock.</param>
/// <param name="RequestId">The request.</param>
/// <param name="SlotIndex">The slot, or null when it concerns the request as a whole.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">One sentence with the numbers.</param>
public sealed record Refusal(
    UnixSeconds At, RequestId RequestId, ulong? SlotIndex, RefusalReason Reason, string Detail)
{
    /// <summary>
    /// The number of the request that an availability's limit decided on: its price, its size in bytes, its duration in seconds, its
    /// end in Unix seconds, or the slot's collateral, as <see cref="Reason"/> says. Null where no limit of an availability decided.
    /// </summary>
    public UInt256? Offered { get; init; }

    /// <summary>The limit that came closest to it: the lowest price, or the most of the others. Null where that is.</summary>
    public UInt256? Limit { get; init; }
}
