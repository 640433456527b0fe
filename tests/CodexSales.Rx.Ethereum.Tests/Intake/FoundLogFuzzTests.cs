using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// Damaged answers of eth_getLogs from a seed: each is refused, or gives logs that it says, in order, once.
/// </summary>
public sealed class FoundLogFuzzTests
{
    private const int Times = 100_000;

    [Fact]
    public void A_damaged_answer_is_refused_or_gives_what_it_says()
    {
        var random = new Random(1);
        var decoder = new MarketplaceLogDecoder(Recording.Marketplace);
        int refused = 0, events = 0;
        for (var i = 0; i < Times; i++)
        {
            var text = Answer(random);
            List<FoundLog> logs;
            try
            {
                logs = FoundLog.ReadAll(text);
            }
            catch (NodeReadException)
            {
                refused++;
                continue;
            }

            Assert.All(logs.Zip(logs.Skip(1)), pair => Assert.True(
                (pair.First.Block, pair.First.Index).CompareTo((pair.Second.Block, pair.Second.Index)) < 0));
            foreach (var found in logs)
            {
                Assert.True(LogEntry.TryRead(found.Json.Span, out var log, out _));
                if (decoder.Decode(in log, found.Time ?? new UnixSeconds(1)).TryGetEvent(out var happened))
                {
                    events++;
                    LogOracle.AssertSays(found.Json, happened);
                }
            }
        }

        Assert.InRange(refused, Times / 10, Times);
        Assert.InRange(events, Times / 10, 5 * Times);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("[")]
    [InlineData("\"0x\"")]
    public void What_is_no_array_of_logs_is_refused(string text) =>
        Assert.Throws<NodeReadException>(() => FoundLog.ReadAll(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_log_that_is_given_twice_counts_once()
    {
        var log = Encoding.UTF8.GetString(Recording.Logs[0]);

        Assert.Single(FoundLog.ReadAll(Encoding.UTF8.GetBytes($"[{log},{log}]")));
    }

    [Fact]
    public void A_removed_log_is_refused()
    {
        var log = LogText.Of(Samples.Events[0]) with { Removed = "true" };

        Assert.Throws<NodeReadException>(() => FoundLog.ReadAll(Encoding.UTF8.GetBytes($"[{log}]")));
    }

    private static byte[] Answer(Random random)
    {
        var logs = Enumerable.Range(0, random.Next(0, 4))
            .Select(_ => Encoding.UTF8.GetString(Recording.Logs[random.Next(Recording.Logs.Count)]));
        var text = Encoding.UTF8.GetBytes($"[{string.Join(',', logs)}]");
        for (var wounds = random.Next(0, 3); wounds > 0; wounds--)
        {
            text[random.Next(text.Length)] = random.Next(2) == 0
                ? "0123456789abcdef"u8[random.Next(16)]
                : (byte)random.Next(256);
        }

        return random.Next(10) == 0 ? text[..random.Next(text.Length)] : text;
    }
}
