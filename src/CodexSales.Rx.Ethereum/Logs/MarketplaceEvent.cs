namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>One of the contract's eight events: its topic, and the shape that its logs must have.</summary>
/// <remarks>Source: <c>Marketplace.sol</c>, <c>Proofs.sol</c>, <c>SlotReservations.sol</c>.</remarks>
internal sealed record MarketplaceEvent(MarketplaceEvent.Kind Which, string Signature, int TopicCount, int DataWords)
{
    // The most frequent ones of a busy chain come first.
    public static readonly ImmutableArray<MarketplaceEvent> All =
    [
        new(Kind.ProofSubmitted, "ProofSubmitted(bytes32)", TopicCount: 1, DataWords: 1),
        new(Kind.SlotFilled, "SlotFilled(bytes32,uint64)", TopicCount: 2, DataWords: 1),
        new(
            Kind.StorageRequested,
            "StorageRequested(bytes32,(uint256,uint256,uint256,uint64,uint64,uint64,uint64),uint64)",
            TopicCount: 1,
            DataWords: 9),
        new(Kind.SlotReservationsFull, "SlotReservationsFull(bytes32,uint64)", TopicCount: 2, DataWords: 1),
        new(Kind.SlotFreed, "SlotFreed(bytes32,uint64)", TopicCount: 2, DataWords: 1),
        new(Kind.RequestFulfilled, "RequestFulfilled(bytes32)", TopicCount: 2, DataWords: 0),
        new(Kind.RequestCancelled, "RequestCancelled(bytes32)", TopicCount: 2, DataWords: 0),
        new(Kind.RequestFailed, "RequestFailed(bytes32)", TopicCount: 2, DataWords: 0),
    ];

    public enum Kind
    {
        StorageRequested,
        SlotFilled,
        SlotFreed,
        SlotReservationsFull,
        RequestFulfilled,
        RequestCancelled,
        RequestFailed,
        ProofSubmitted,
    }

    public string Name { get; } = Which.ToString();

    public Bytes32 Topic { get; } = Keccak256.Hash(Encoding.ASCII.GetBytes(Signature));

    public static MarketplaceEvent? Find(Bytes32 topic)
    {
        foreach (var candidate in All)
        {
            if (candidate.Topic == topic)
            {
                return candidate;
            }
        }

        return null;
    }
}
