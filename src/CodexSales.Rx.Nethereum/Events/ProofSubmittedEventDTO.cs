using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>A host proved that it holds a slot. Source: the contract's event <c>ProofSubmitted</c>.</summary>
[Event("ProofSubmitted")]
public sealed class ProofSubmittedEventDTO : IEventDTO
{
    /// <summary>The slot, by its id alone: 32 bytes.</summary>
    [Parameter("bytes32", "id", 1, false)]
    public byte[] Id { get; set; } = [];
}
