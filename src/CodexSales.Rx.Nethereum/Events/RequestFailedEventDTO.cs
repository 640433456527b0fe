using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>A request lost more slots than it may. Source: the contract's event <c>RequestFailed</c>.</summary>
[Event("RequestFailed")]
public sealed class RequestFailedEventDTO : IEventDTO
{
    /// <summary>The request: 32 bytes.</summary>
    [Parameter("bytes32", "requestId", 1, true)]
    public byte[] RequestId { get; set; } = [];
}
