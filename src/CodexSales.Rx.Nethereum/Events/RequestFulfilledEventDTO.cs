using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>All slots of a request are filled: it has started. Source: the contract's event <c>RequestFulfilled</c>.</summary>
[Event("RequestFulfilled")]
public sealed class RequestFulfilledEventDTO : IEventDTO
{
    /// <summary>The request: 32 bytes.</summary>
    [Parameter("bytes32", "requestId", 1, true)]
    public byte[] RequestId { get; set; } = [];
}
