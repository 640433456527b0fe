namespace CodexSales.Rx.Requests;

/// <summary>One slot that can still be filled: an item of the queue. Immutable.</summary>
/// <param name="Terms">What it pays and costs.</param>
/// <param name="SlotIndex">Which slot of the request.</param>
/// <param name="Arrival">When it came, compared with others that are as good.</param>
/// <param name="IsDeferred">
/// Whether a sale of it ended for want of space or collateral: it waits behind all others until an availability
/// changes.
/// </param>
public sealed record OpenSlot(SlotTerms Terms, ulong SlotIndex, SlotArrival Arrival, bool IsDeferred = false)
{
    /// <summary>The group that the slot was drawn from; null for one that never was in a queue.</summary>
    internal SlotGroup? Group { get; init; }

    /// <summary>The slot's name.</summary>
    public SlotKey Slot => new(Terms.RequestId, SlotIndex);

    /// <summary>"0x1234…cdef/3", for people.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Slot.ToShortString()}{(IsDeferred ? " seen" : "")}");
}

/// <summary>The order in which slots came: by sequence, and within a request by ordinal.</summary>
/// <param name="Sequence">Unique for each request, and for each slot that was freed.</param>
/// <param name="Ordinal">The place in the random order in which this host goes through a request's slots.</param>
public readonly record struct SlotArrival(long Sequence, ulong Ordinal) : IComparable<SlotArrival>
{
    /// <inheritdoc/>
    public int CompareTo(SlotArrival other) => (Sequence, Ordinal).CompareTo((other.Sequence, other.Ordinal));
}
