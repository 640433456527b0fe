using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>A slot lost its host, and waits to be repaired by another one. Source: the contract's event <c>SlotFreed</c>.</summary>
[Event("SlotFreed")]
public sealed class SlotFreedEventDTO : IEventDTO
{
    /// <summary>The request: 32 bytes.</summary>
    [Parameter("bytes32", "requestId", 1, true)]
    public byte[] RequestId { get; set; } = [];

    /// <summary>The place of the slot in its request, from 0.</summary>
    [Parameter("uint64", "slotIndex", 2, false)]
    public ulong SlotIndex { get; set; }
}
