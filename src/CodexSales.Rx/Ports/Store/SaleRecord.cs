namespace CodexSales.Rx.Ports.Store;

/// <summary>A sale as it is remembered: enough to go on with it, or to account for it. Immutable.</summary>
public sealed record SaleRecord
{
    /// <summary>The sale's number. Never used again, also not after a restart. At least 1.</summary>
    public required long Number { get; init; }

    /// <summary>What the slot pays and costs.</summary>
    public required SlotTerms Terms { get; init; }

    /// <summary>Which slot of the request.</summary>
    public required ulong SlotIndex { get; init; }

    /// <summary>Where the sale stands.</summary>
    public required SaleStateName State { get; init; }

    /// <summary>When it began, on the chain's clock.</summary>
    public required UnixSeconds StartedAt { get; init; }

    /// <summary>When it came to where it stands, on the chain's clock.</summary>
    public required UnixSeconds At { get; init; }

    /// <summary>
    /// The availability whose space and collateral it holds, or held: as much as the terms say. Null when it found no
    /// room in any.
    /// </summary>
    public AvailabilityId? HeldIn { get; init; }

    /// <summary>When the slot was filled by this host, as far as that is known.</summary>
    public UnixSeconds? FilledAt { get; init; }

    /// <summary>How many periods had to go without the proof that they wanted.</summary>
    public int MissedProofs { get; init; }

    /// <summary>
    /// How it ended, where its data is being deleted: nothing is left to decide. Null while it goes on, and once it is
    /// over (<see cref="PastSale"/> has it then).
    /// </summary>
    public SaleEnd? End { get; init; }

    /// <summary>The slot's name.</summary>
    public SlotKey Slot => new(Terms.RequestId, SlotIndex);
}
