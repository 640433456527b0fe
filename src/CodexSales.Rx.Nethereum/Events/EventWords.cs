using CodexSales.Rx.Ethereum.Abi;

namespace CodexSales.Rx.Nethereum.Events;

/// <summary>An event as the contract writes it: topics, and data of words of 32 bytes.</summary>
/// <remarks>Source: <c>Marketplace.sol</c>, <c>Proofs.sol</c>, <c>SlotReservations.sol</c>.</remarks>
internal sealed record EventWords(AbiWords Data, params ImmutableArray<Bytes32> Topics)
{
    private static readonly Bytes32 _storageRequested =
        TopicOf("StorageRequested(bytes32,(uint256,uint256,uint256,uint64,uint64,uint64,uint64),uint64)");

    private static readonly Bytes32 _slotFilled = TopicOf("SlotFilled(bytes32,uint64)");
    private static readonly Bytes32 _slotFreed = TopicOf("SlotFreed(bytes32,uint64)");
    private static readonly Bytes32 _slotReservationsFull = TopicOf("SlotReservationsFull(bytes32,uint64)");
    private static readonly Bytes32 _requestFulfilled = TopicOf("RequestFulfilled(bytes32)");
    private static readonly Bytes32 _requestCancelled = TopicOf("RequestCancelled(bytes32)");
    private static readonly Bytes32 _requestFailed = TopicOf("RequestFailed(bytes32)");
    private static readonly Bytes32 _proofSubmitted = TopicOf("ProofSubmitted(bytes32)");

    /// <summary>The words of an event; null for one that the contract does not write.</summary>
    public static EventWords? Of(MarketEvent happened) => happened switch
    {
        StorageRequested asked => Of(asked),
        SlotFilled filled => Of(_slotFilled, filled.Slot),
        SlotFreed freed => Of(_slotFreed, freed.Slot),
        SlotReservationsFull full => Of(_slotReservationsFull, full.Slot),
        RequestFulfilled fulfilled => new EventWords(new AbiWords(), _requestFulfilled, fulfilled.RequestId.Value),
        RequestCancelled cancelled => new EventWords(new AbiWords(), _requestCancelled, cancelled.RequestId.Value),
        RequestFailed failed => new EventWords(new AbiWords(), _requestFailed, failed.RequestId.Value),
        ProofSubmitted proof => new EventWords(new AbiWords().Add(proof.SlotId.Value), _proofSubmitted),
        _ => null,
    };

    private static EventWords Of(StorageRequested asked) => new(
        new AbiWords()
            .Add(asked.RequestId.Value)
            .Add(asked.Ask.ProofProbability)
            .Add(asked.Ask.PricePerBytePerSecond)
            .Add(asked.Ask.CollateralPerByte)
            .Add(asked.Ask.Slots)
            .Add(asked.Ask.SlotSizeBytes)
            .Add(asked.Ask.DurationSeconds)
            .Add(asked.Ask.MaxSlotLoss)
            .Add(asked.ExpiresAt.Value),
        _storageRequested);

    private static EventWords Of(Bytes32 topic, SlotKey slot) =>
        new(new AbiWords().Add(slot.SlotIndex), topic, slot.RequestId.Value);

    private static Bytes32 TopicOf(string signature) => Keccak256.Hash(Encoding.ASCII.GetBytes(signature));
}
