namespace CodexSales.Rx.Domain;

/// <summary>A client's request for storage, as the contract keeps it.</summary>
/// <remarks>Source: <c>Requests.sol</c> <c>Request</c>, <c>Content</c>; contract function <c>getRequest</c>.</remarks>
public sealed record StorageRequest
{
    /// <summary>The account that pays.</summary>
    public required Address Client { get; init; }

    /// <summary>The ask: slots, price and conditions.</summary>
    public required StorageAsk Ask { get; init; }

    /// <summary>The data set's binary content id. The contract only demands that it is not empty.</summary>
    public required ImmutableArray<byte> Cid { get; init; }

    /// <summary>The root of the slots' Merkle tree. May be zero.</summary>
    public required Bytes32 MerkleRoot { get; init; }

    /// <summary>The seconds from its block in which the request can be filled. (The event has the time.)</summary>
    public required ulong ExpirySeconds { get; init; }

    /// <summary>The client's own number, which makes equal requests different.</summary>
    public required Bytes32 Nonce { get; init; }
}
