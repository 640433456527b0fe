using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>Some host filled a slot. Source: the contract's event <c>SlotFilled</c>.</summary>
[Event("SlotFilled")]
public sealed class SlotFilledEventDTO : IEventDTO
{
    /// <summary>The request: 32 bytes.</summary>
    [Parameter("bytes32", "requestId", 1, true)]
    public byte[] RequestId { get; set; } = [];

    /// <summary>The place of the slot in its request, from 0.</summary>
    [Parameter("uint64", "slotIndex", 2, false)]
    public ulong SlotIndex { get; set; }
}
