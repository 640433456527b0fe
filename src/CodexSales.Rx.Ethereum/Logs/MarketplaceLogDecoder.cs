using System.Diagnostics;
using static CodexSales.Rx.Ethereum.Logs.MarketplaceEvent;

namespace CodexSales.Rx.Ethereum.Logs;

/// <summary>Turns the logs of one Marketplace contract into events.</summary>
/// <param name="marketplace">The contract's address, by which logs of other contracts are told apart.</param>
/// <remarks>
/// Immutable; any thread. Topic count, data length and the padding of every number are checked, so a damaged log
/// becomes <see cref="DecodedLogKind.Undecodable"/>. Allocates the event (and its ask) and nothing else, unless it
/// fails.
/// </remarks>
public sealed class MarketplaceLogDecoder(Address marketplace)
{
    private const int MostDataBytes = 9 * Bytes32.Size;

    /// <summary>The contract's address.</summary>
    public Address Marketplace { get; } = marketplace;

    /// <summary>Whether a log's first topic is that of a Marketplace event; another contract may share it.</summary>
    public static bool IsEventTopic(Bytes32 topic) => Find(topic) is not null;

    /// <summary>Decodes one log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="blockTime">Its block's timestamp: <see cref="LogEntry.BlockTime"/>, or the header's.</param>
    public DecodedLog Decode(in LogEntry log, UnixSeconds blockTime)
    {
        var block = new BlockStamp(log.BlockNumber, blockTime) { Hash = log.BlockHash };
        if (log.Address != Marketplace)
        {
            return new DecodedLog(DecodedLogKind.OfAnotherContract, block, log.LogIndex, null, null);
        }

        var happened = default(MarketEvent?);
        var reason = log.Topics.IsEmpty ? "The log has no topic that says which event it is."
            : Find(log.Topics[0]) is not { } shape ? $"{log.Topics[0]} is not the topic of a Marketplace event."
            : Decode(shape, in log, block, out happened);
        return reason is null
            ? new DecodedLog(DecodedLogKind.MarketEvent, block, log.LogIndex, happened, null)
            : new DecodedLog(DecodedLogKind.Undecodable, block, log.LogIndex, null, reason);
    }

    // The fault of the log; null when there is an event.
    private static string? Decode(MarketplaceEvent shape, in LogEntry log, BlockStamp block, out MarketEvent? happened)
    {
        happened = null;
        Span<byte> buffer = stackalloc byte[MostDataBytes];
        var data = buffer[..(shape.DataWords * Bytes32.Size)];
        if (FindFault(shape, in log, data) is { } fault)
        {
            return fault;
        }

        var words = new ReturnData(data);
        var decoded = Decode(shape, block, log.Topics, ref words);
        happened = log.IsRemoved ? new Reverted(block, decoded) : decoded;
        return words.Problem is { } problem ? $"{shape.Name} has {problem}" : null;
    }

    // Fills the data when there is no fault.
    private static string? FindFault(MarketplaceEvent shape, in LogEntry log, Span<byte> data)
    {
        if (log.Topics.Length != shape.TopicCount)
        {
            return $"{shape.Name} has {Count(log.Topics.Length, "topic")}; {AreExpected(shape.TopicCount)}.";
        }

        if (!Hex.TryCountBytes(log.DataText, out var bytes))
        {
            return $"{shape.Name} has data that is not \"0x\" and an even number of hexadecimal digits.";
        }

        if (bytes != data.Length)
        {
            return $"{shape.Name} has {Count(bytes, "byte")} of data; {AreExpected(data.Length)}.";
        }

        return Hex.TryReadBytes(log.DataText, data)
            ? null
            : $"{shape.Name} has data that is not \"0x\" and an even number of hexadecimal digits.";
    }

    private static MarketEvent Decode(
        MarketplaceEvent shape, BlockStamp block, ReadOnlySpan<Bytes32> topics, ref ReturnData words) =>
        shape.Which switch
    {
        Kind.StorageRequested => DecodeStorageRequested(block, ref words),
        Kind.SlotFilled => new SlotFilled(block, DecodeSlot(topics, ref words)),
        Kind.SlotFreed => new SlotFreed(block, DecodeSlot(topics, ref words)),
        Kind.SlotReservationsFull => new SlotReservationsFull(block, DecodeSlot(topics, ref words)),
        Kind.RequestFulfilled => new RequestFulfilled(block, new RequestId(topics[1])),
        Kind.RequestCancelled => new RequestCancelled(block, new RequestId(topics[1])),
        Kind.RequestFailed => new RequestFailed(block, new RequestId(topics[1])),
        Kind.ProofSubmitted => new ProofSubmitted(block, new SlotId(words.TakeBytes32())),
        _ => throw new UnreachableException($"{shape.Which} is not an event of the Marketplace."),
    };

    // Initializers run in the order in which they are written: that of the words.
    private static StorageRequested DecodeStorageRequested(BlockStamp block, ref ReturnData words) => new(
        block,
        new RequestId(words.TakeBytes32()),
        new StorageAsk
        {
            ProofProbability = words.TakeUInt256(),
            PricePerBytePerSecond = words.TakeUInt256(),
            CollateralPerByte = words.TakeUInt256(),
            Slots = words.TakeNumber(name: "number of slots"),
            SlotSizeBytes = words.TakeNumber(name: "slot size"),
            DurationSeconds = words.TakeNumber(name: "duration"),
            MaxSlotLoss = words.TakeNumber(name: "greatest slot loss"),
        },
        new UnixSeconds(words.TakeNumber(name: "time of expiry")));

    private static SlotKey DecodeSlot(ReadOnlySpan<Bytes32> topics, ref ReturnData words) =>
        new(new RequestId(topics[1]), words.TakeNumber(name: "slot index"));

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    private static string AreExpected(int number) => number == 1 ? "1 is expected" : $"{number} are expected";
}
