using Nethereum.ABI.FunctionEncoding.Attributes;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>A client asks for storage. Source: the contract's event <c>StorageRequested</c>.</summary>
[Event("StorageRequested")]
public sealed class StorageRequestedEventDTO : IEventDTO
{
    /// <summary>The new request: 32 bytes.</summary>
    [Parameter("bytes32", "requestId", 1, false)]
    public byte[] RequestId { get; set; } = [];

    /// <summary>What it asks for.</summary>
    [Parameter("tuple", "ask", 2, false)]
    public StorageAskDTO Ask { get; set; } = new();

    /// <summary>The last second in which its slots may be filled for the first time, since 1970.</summary>
    [Parameter("uint64", "expiry", 3, false)]
    public ulong Expiry { get; set; }
}
