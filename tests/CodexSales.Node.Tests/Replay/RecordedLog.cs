using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace CodexSales.Node.Tests.Replay;

/// <summary>One log of the recorded Marketplace, read with nothing of the program's code.</summary>
internal sealed record RecordedLog(
    long Block, long Time, string Event, string RequestId, ulong SlotIndex, string[] Words)
{
    public ulong Slots => (ulong)Number(4);

    public BigInteger Size => Number(5);

    public BigInteger Duration => Number(6);

    public BigInteger Price => Number(2);

    public BigInteger CollateralPerByte => Number(3);

    public BigInteger Expiry => Number(8);

    // The request id is the first word of a StorageRequested, then the ask, then the expiry.
    private BigInteger Number(int word) =>
        BigInteger.Parse("0" + Words[word], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

/// <summary>The recorded logs and blocks as plain values.</summary>
internal static class RecordedLogs
{
    public static IReadOnlyList<RecordedLog> All { get; } = [.. Read()];

    public static IReadOnlyList<(long Number, long Time)> Blocks { get; } =
        [.. File.ReadLines(CommandRun.Recording("blocks.jsonl")).Select(line =>
        {
            using var block = JsonDocument.Parse(line);
            return (Quantity(block.RootElement, "number"), Quantity(block.RootElement, "timestamp"));
        })];

    private static IEnumerable<RecordedLog> Read()
    {
        using var summary = JsonDocument.Parse(File.ReadAllText(CommandRun.Recording("summary.json")));
        var names = summary.RootElement.GetProperty("eventTopics").EnumerateObject()
            .ToDictionary(topic => topic.Value.GetString()!, topic => topic.Name.Split('(')[0]);
        foreach (var line in File.ReadLines(CommandRun.Recording("logs.jsonl")))
        {
            using var log = JsonDocument.Parse(line);
            var topics = log.RootElement.GetProperty("topics").EnumerateArray()
                .Select(topic => topic.GetString()!)
                .ToArray();
            if (names.TryGetValue(topics[0], out var name))
            {
                yield return Read(log.RootElement, name, topics);
            }
        }
    }

    private static RecordedLog Read(JsonElement log, string name, string[] topics)
    {
        var data = log.GetProperty("data").GetString()![2..];
        var words = data.Chunk(64).Select(word => new string(word)).ToArray();
        var slotIndex = name.StartsWith("Slot", StringComparison.Ordinal)
            ? ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
            : 0;
        var requestId = topics.Length > 1 ? topics[1] : "0x" + words[0];
        return new RecordedLog(
            Quantity(log, "blockNumber"), Quantity(log, "blockTimestamp"), name, requestId, slotIndex, words);
    }

    private static long Quantity(JsonElement json, string name) => long.Parse(
        json.GetProperty(name).GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
