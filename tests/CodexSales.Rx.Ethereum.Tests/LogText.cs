using System.Globalization;
using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>The JSON of one log, each property as the JSON value that it gets; null leaves it out.</summary>
internal sealed record LogText
{
    public static readonly Bytes32 BlockHashValue = new([.. Enumerable.Repeat((byte)0xbb, 32)]);

    public string? Address { get; init; } = $"\"{Recording.Marketplace}\"";

    public string? Topics { get; init; } = "[]";

    public string? Data { get; init; } = "\"0x\"";

    public string? BlockHash { get; init; } = $"\"{BlockHashValue}\"";

    public string? BlockNumber { get; init; } = "\"0x10\"";

    public string? LogIndex { get; init; } = "\"0x2\"";

    public string? BlockTimestamp { get; init; } = "\"0x3e8\"";

    public string? Removed { get; init; } = "false";

    /// <summary>More properties, put in front of the others.</summary>
    public string Extra { get; init; } = "";

    /// <summary>The log that the contract would write for an event.</summary>
    public static LogText Of(MarketEvent marketEvent) => new()
    {
        Topics = TopicsOf(marketEvent),
        Data = $"\"{DataOf(marketEvent)}\"",
        BlockNumber = Quantity(marketEvent.Block.Number),
        BlockTimestamp = Quantity(marketEvent.Block.Time.Value),
    };

    /// <summary>The JSON array of an event's topics.</summary>
    public static string TopicsOf(MarketEvent marketEvent)
    {
        var topic = MarketplaceEvent.All.Single(shape => shape.Name == marketEvent.GetType().Name).Topic;
        return RequestOf(marketEvent) is { } request ? $"[\"{topic}\",\"{request}\"]" : $"[\"{topic}\"]";
    }

    /// <summary>An event's data: "0x" and digits.</summary>
    public static string DataOf(MarketEvent marketEvent) => "0x" + marketEvent switch
    {
        StorageRequested asked => string.Concat(
            asked.RequestId.ToString()[2..],
            Word(asked.Ask.ProofProbability),
            Word(asked.Ask.PricePerBytePerSecond),
            Word(asked.Ask.CollateralPerByte),
            string.Concat(Word(asked.Ask.Slots), Word(asked.Ask.SlotSizeBytes), Word(asked.Ask.DurationSeconds)),
            Word(asked.Ask.MaxSlotLoss),
            Word(asked.ExpiresAt.Value)),
        SlotFilled filled => Word(filled.Slot.SlotIndex),
        SlotFreed freed => Word(freed.Slot.SlotIndex),
        SlotReservationsFull full => Word(full.Slot.SlotIndex),
        ProofSubmitted proof => proof.SlotId.ToString()[2..],
        _ => "",
    };

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(ToString());

    public override string ToString()
    {
        (string Name, string? Value)[] properties =
        [
            ("address", Address), ("topics", Topics), ("data", Data), ("blockHash", BlockHash),
            ("blockNumber", BlockNumber), ("blockTimestamp", BlockTimestamp), ("logIndex", LogIndex),
            ("removed", Removed),
        ];
        var written = properties.Where(property => property.Value is not null)
            .Select(property => $"\"{property.Name}\":{property.Value}");
        return $"{{{Extra}{string.Join(",", written)}}}";
    }

    private static RequestId? RequestOf(MarketEvent marketEvent) => marketEvent switch
    {
        SlotFilled filled => filled.Slot.RequestId,
        SlotFreed freed => freed.Slot.RequestId,
        SlotReservationsFull full => full.Slot.RequestId,
        RequestFulfilled fulfilled => fulfilled.RequestId,
        RequestCancelled cancelled => cancelled.RequestId,
        RequestFailed failed => failed.RequestId,
        _ => null,
    };

    private static string Quantity(ulong value) => string.Create(CultureInfo.InvariantCulture, $"\"0x{value:x}\"");

    private static string Word(UInt256 value)
    {
        Span<byte> bytes = stackalloc byte[32];
        value.WriteBigEndian(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
