using System.Globalization;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A block of a fake chain, with its JSON.</summary>
internal sealed record FakeBlock(BlockStamp Stamp, Bytes32 Hash, Bytes32 Parent, IReadOnlyList<MarketEvent> Events)
{
    public ulong Number => Stamp.Number;

    private string? _json;
    private List<(string Topic, string WithTime, string WithoutTime)>? _logs;

    // A copy may say something else.
    private FakeBlock(FakeBlock other) =>
        (Stamp, Hash, Parent, Events) = (other.Stamp, other.Hash, other.Parent, other.Events);

    /// <summary>The block object, its bloom filter included.</summary>
    public string Json => _json ??= string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        {"number":"0x{{Number:x}}","hash":"{{Hash}}","parentHash":"{{Parent}}","timestamp":"0x{{Stamp.Time.Value:x}}",
        "transactions":["0x1"],"logsBloom":"0x{{Convert.ToHexStringLower(BloomOf(Events))}}"}
        """);

    /// <summary>The log objects whose topics are asked for.</summary>
    public IEnumerable<string> Logs(Func<string, bool> isAsked, bool withTime) =>
        (_logs ??= [.. Events.Select((happened, index) => LogOf(happened, index))])
        .Where(log => isAsked(log.Topic))
        .Select(log => withTime ? log.WithTime : log.WithoutTime);

    private (string Topic, string WithTime, string WithoutTime) LogOf(MarketEvent happened, int index)
    {
        var log = LogText.Of(happened) with
        {
            BlockHash = $"\"{Hash}\"",
            LogIndex = string.Create(CultureInfo.InvariantCulture, $"\"0x{2 * index:x}\""),
        };
        return (LogText.TopicsOf(happened)[2..68], log.ToString(), (log with { BlockTimestamp = null }).ToString());
    }

    private static byte[] BloomOf(IReadOnlyList<MarketEvent> events)
    {
        // Some other contract has logs in every block.
        var bloom = new byte[LogsBloom.Size];
        LogsBloom.Add(bloom, [1]);
        foreach (var happened in events)
        {
            LogsBloom.Add(bloom, Convert.FromHexString(Recording.Marketplace.ToString()[2..]));
            foreach (var topic in LogText.TopicsOf(happened).Trim('[', ']').Split(','))
            {
                LogsBloom.Add(bloom, Convert.FromHexString(topic.Trim('"')[2..]));
            }
        }

        return bloom;
    }
}
