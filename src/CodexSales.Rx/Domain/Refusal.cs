namespace CodexSales.Rx.Domain;

/// <summary>A request, or one slot of it, that is not for sale, and why.</summary>
/// <param name="At">The time of the refusal, on the chain's clock.</param>
/// <param name="RequestId">The request.</param>
/// <param name="SlotIndex">The slot, or null when it concerns the request as a whole.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Detail">One sentence with the numbers.</param>
public sealed record Refusal(
    UnixSeconds At, RequestId RequestId, ulong? SlotIndex, RefusalReason Reason, string Detail);
