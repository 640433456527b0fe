using System.Text;
using System.Text.Json;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

public sealed class PlayedSessionTests
{
    [Theory]
    [InlineData("bare.jsonl", 3)]
    [InlineData("removed-logs.jsonl", 4)]
    public void The_events_are_those_of_the_chain_in_the_end_and_what_was_left_is_taken_back(
        string session, int reverts)
    {
        var played = new PlayedSession(session);

        var told = played.Play().FindAll(happened => happened is not BlockTold);

        List<MarketEvent> net = [];
        foreach (var happened in told)
        {
            if (happened is Reverted reverted)
            {
                Assert.Equal(net[^1], reverted.Original);
                net.RemoveAt(net.Count - 1);
            }
            else
            {
                net.Add(happened);
            }
        }

        Assert.Equal(played.Logs.Select(Decode), net);
        Assert.Equal(reverts, told.Count(happened => happened is Reverted));
    }

    [Fact]
    public void What_a_node_says_it_removed_is_what_is_taken_back()
    {
        var played = new PlayedSession("removed-logs.jsonl");

        var told = played.Play();

        // The node removes oldest first, and in two steps; the order of what is taken back is the other way round.
        var removed = played.Removed.Select(Decode).Cast<Reverted>().Select(revert => revert.Original).ToList();
        Assert.Equal(
            [removed[2], removed[1], removed[0], removed[3]],
            told.OfType<Reverted>().Select(revert => revert.Original));
    }

    [Fact]
    public void The_bloom_filters_of_the_node_agree_with_its_logs()
    {
        var played = new PlayedSession("removed-logs.jsonl");
        var bloom = new LogsBloom(
            Recording.Marketplace, NodeReader.TopicsOf(new MarketIntakeOptions { Proofs = true }));

        foreach (var (header, hasLogs) in played.Headers)
        {
            // A filter without a bit may also be one that is not kept.
            var isEmpty = !header.Bloom.Span.ContainsAnyExcept((byte)0);
            Assert.Equal(hasLogs || isEmpty, bloom.MayMatch(header.Bloom.Span));
            Assert.Equal(hasLogs, LogsBloom.IsTelling(header.Bloom.Span));
        }
    }

    private static MarketEvent Decode(JsonElement log)
    {
        Assert.True(LogEntry.TryRead(Encoding.UTF8.GetBytes(log.GetRawText()), out var entry, out _));
        Assert.True(new MarketplaceLogDecoder(Recording.Marketplace)
            .Decode(in entry, entry.BlockTime!.Value).TryGetEvent(out var happened));
        return happened;
    }
}
