namespace CodexSales.Rx.Ports.Store;

/// <summary>A sale as it is remembered: enough to go on with it, or to account for it. Immutable.</summary>
public sealed record SaleRecord
{
    /// <summary>The sale's number. Never used again, also not after a restart. At least 1.</summary>
    public required long Number { get; init; }

    /// <summary>The slot's reward, collateral and times.</summary>
    public required SlotTerms Terms { get; init; }

    /// <summary>The slot's index in the request.</summary>
    public required ulong SlotIndex { get; init; }

    /// <summary>The sale's state.</summary>
    public required SaleStateName State { get; init; }

    /// <summary>The start of the sale, on the chain's clock.</summary>
    public required UnixSeconds StartedAt { get; init; }

    /// <summary>The time of its last step, on the chain's clock.</summary>
    public required UnixSeconds At { get; init; }

    /// <summary>The availability whose space and collateral it holds or held, as the terms say; null without
    /// one.</summary>
    public AvailabilityId? HeldIn { get; init; }

    /// <summary>The time at which this host filled the slot, as far as it is known.</summary>
    public UnixSeconds? FilledAt { get; init; }

    /// <summary>The number of periods whose required proof is missing.</summary>
    public int MissedProofs { get; init; }

    /// <summary>Its end while its data is being deleted: nothing is left to decide. Null before, and once it is over
    /// (<see cref="PastSale"/> has it then).</summary>
    public SaleEnd? End { get; init; }

    /// <summary>The slot's name.</summary>
    public SlotKey Slot => new(Terms.RequestId, SlotIndex);
}
