using CodexSales.Rx.Queueing;

namespace CodexSales.Rx.Tracking;

/// <summary>What has happened to one slot: on chain, and here.</summary>
internal sealed class SlotRecord
{
    /// <summary>Some host fills it.</summary>
    public bool IsFilled { get; set; }

    /// <summary>It has all its reservations.</summary>
    public bool IsReserved { get; set; }

    /// <summary>The lot that it is since it was freed; null when it never was.</summary>
    public SlotLot? Repair { get; set; }

    /// <summary>The lot that it was before it was freed last, in case a reorganisation takes that back.</summary>
    public SlotLot? RepairBefore { get; set; }

    /// <summary>A sale of ours has decided against it for good.</summary>
    public bool IsDone { get; set; }

    /// <summary>Whether nothing that happened to it keeps a new sale from filling it.</summary>
    public bool IsFree => !IsFilled && !IsReserved && !IsDone;
}
