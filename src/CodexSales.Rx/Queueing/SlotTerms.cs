using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Queueing;

/// <summary>What a slot pays and costs. All slots of a request that were never filled share one object.</summary>
/// <remarks>Immutable. A slot in repair has terms of its own, with less collateral.</remarks>
public sealed record SlotTerms
{
    /// <summary>The request that the slot belongs to.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>What the client asks for.</summary>
    public required StorageAsk Ask { get; init; }

    /// <summary>
    /// What the slot pays over the request's whole duration, in the token's smallest unit: price × size × duration.
    /// </summary>
    public required UInt256 Reward { get; init; }

    /// <summary>
    /// What a host puts down to fill the slot, in the token's smallest unit; less for a slot in repair.
    /// </summary>
    public required UInt256 Collateral { get; init; }

    /// <summary>The last second in which the request may be filled for the first time.</summary>
    public required UnixSeconds ExpiresAt { get; init; }

    /// <summary>The last second of the request's duration.</summary>
    public required UnixSeconds EndsAt { get; init; }

    /// <summary>Whether the slot lost its host and is to be repaired.</summary>
    public bool IsRepair { get; init; }

    /// <summary>What the slot pays for a part of the duration, in the token's smallest unit.</summary>
    /// <param name="seconds">How long it is filled; at most the request's duration.</param>
    internal UInt256 RewardFor(ulong seconds) => Ask.PricePerBytePerSecond * Ask.SlotSizeBytes * seconds;
}
