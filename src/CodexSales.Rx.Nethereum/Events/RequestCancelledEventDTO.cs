using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>A client took its money back after its request expired. Source: the contract's event <c>RequestCancelled</c>.</summary>
[Event("RequestCancelled")]
public sealed class RequestCancelledEventDTO : IEventDTO
{
    /// <summary>The request: 32 bytes.</summary>
    [Parameter("bytes32", "requestId", 1, true)]
    public byte[] RequestId { get; set; } = [];
}
