using System.Globalization;
using System.Text.Json;

namespace CodexSales.Rx.Testing.Tests.Chain;

/// <summary>Reads the marketplace events out of the recording of the unmodified contract.</summary>
internal static class RecordedLogs
{
    public static IReadOnlyList<MarketEvent> Read() =>
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Recording", "logs.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(Decode)
            .OfType<MarketEvent>(),
    ];

    // Topics are told apart by their first digits; what is none of these is an event of the token.
    private static MarketEvent? Decode(JsonElement log)
    {
        var topics = log.GetProperty("topics").EnumerateArray().Select(topic => topic.GetString()!).ToList();
        var data = log.GetProperty("data").GetString()!;
        var words = data[2..].Chunk(64).Select(word => "0x" + new string(word)).ToList();
        var block = new BlockStamp(Number(log, "blockNumber"), new UnixSeconds(Number(log, "blockTimestamp")));
        return topics[0][..10] switch
        {
            "0x1bf9c457" => new StorageRequested(
                block, RequestId.Parse(words[0]), AskOf(words[1..8]), new UnixSeconds((ulong)Word(words[8]))),
            "0x8f301470" => new SlotFilled(block, SlotOf(topics, words)),
            "0x33ba8f76" => new SlotFreed(block, SlotOf(topics, words)),
            "0xc8e6c955" => new SlotReservationsFull(block, SlotOf(topics, words)),
            "0x85e1543b" => new RequestFulfilled(block, RequestId.Parse(topics[1])),
            "0x4769361a" => new RequestFailed(block, RequestId.Parse(topics[1])),
            "0xf903f477" => new RequestCancelled(block, RequestId.Parse(topics[1])),
            "0x3b989d18" => new ProofSubmitted(block, SlotId.Parse(words[0])),
            _ => null,
        };
    }

    private static SlotKey SlotOf(List<string> topics, List<string> words) =>
        new(RequestId.Parse(topics[1]), (ulong)Word(words[0]));

    private static StorageAsk AskOf(List<string> words) => new()
    {
        ProofProbability = Word(words[0]),
        PricePerBytePerSecond = Word(words[1]),
        CollateralPerByte = Word(words[2]),
        Slots = (ulong)Word(words[3]),
        SlotSizeBytes = (ulong)Word(words[4]),
        DurationSeconds = (ulong)Word(words[5]),
        MaxSlotLoss = (ulong)Word(words[6]),
    };

    private static UInt256 Word(string word) => UInt256.FromBigEndian(Convert.FromHexString(word.AsSpan(2)));

    private static ulong Number(JsonElement log, string name) =>
        ulong.Parse(log.GetProperty(name).GetString().AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
