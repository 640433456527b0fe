using System.Text;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Reorganisations deeper than what counted as final: all is taken back to a block that still stands.</summary>
public sealed class DeepReorganisationTests
{
    [Theory]
    [InlineData(0, 80, 0)]
    [InlineData(0, 157, 1_800)]
    [InlineData(0, 599, 1_800)]
    [InlineData(30, 157, 1_800)]
    [InlineData(300, 157, 1_800)]
    [InlineData(30, 400, 0)]
    [InlineData(300, 850, 0)]
    public void All_of_it_is_taken_back(int blocksSinceStart, int depth, int finalAge)
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.FromSeconds(finalAge) });
        bench.MineWithEvents(600);
        bench.Catch();
        for (var i = 0; i < blocksSinceStart; i++)
        {
            bench.MineWithEvents(1);
            bench.Pass(TimeSpan.FromSeconds(2));
        }

        bench.Node.Drop(depth);
        bench.MineWithEvents(depth + 3);
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.Null(bench.LastHealth.Problem);
        Assert.True(bench.Told.Count(happened => happened is Reverted) >= depth);
        Assert.Equal(bench.Node.Head.Stamp, bench.Completed[^1].Block);
    }

    // What the first one answers has logs in blocks that have none on the branch that stands.
    [Fact]
    public void Answers_of_back_ends_on_two_branches_are_not_put_together()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { RangesInFlight = 1 });
        bench.MineWithEvents(300);
        IReadOnlyList<FakeBlock> left = [.. bench.Node.Chain];
        bench.Node.Drop(150);
        bench.Node.MineEmpty(151);
        var questions = 0;
        bench.Link.Instead = request =>
        {
            questions += questions > 0 || (request.Method == "eth_getLogs" && bench.Told.Count == 0 && IsWide(request)) ? 1 : 0;
            return questions is > 0 and <= 3 ? bench.Node.Answer(request, left) : null;
        };

        bench.Catch();

        bench.AssertComplete();
        Assert.True(questions > 3);

        static bool IsWide(RpcRequest request) =>
            request.Parameters.Span.IndexOf("\"fromBlock\":\"0x0\""u8) >= 0 && request.Parameters.Span.IndexOf("\"toBlock\":\"0x0\""u8) < 0;
    }

    // What is on top of what was told is the first block of the branch that was left, and what is read is another one.
    [Fact]
    public void A_reading_that_begins_anew_begins_with_the_first_block()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(300);
        bench.Catch();
        bench.Link.Instead = _ => new RpcNoAnswer("down", false);
        bench.MineWithEvents(501);
        IReadOnlyList<FakeBlock> left = [.. bench.Node.Chain];
        bench.Node.Drop(503);
        bench.MineWithEvents(504);
        var (verified, read) = (0, 0);
        bench.Link.Instead = request =>
        {
            var isVerified = verified < 2 && (IsAbout(request, "[\"0x12c\"") || IsAbout(request, "[\"0x12d\""));
            verified += isVerified ? 1 : 0;
            read += read > 0 || IsAbout(request, "\"fromBlock\":\"0x12d\"") ? 1 : 0;
            return isVerified || read is > 0 and <= 3 ? bench.Node.Answer(request, left) : null;
        };

        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.True(read > 3);

        static bool IsAbout(RpcRequest request, string what) =>
            request.Parameters.Span.IndexOf(Encoding.UTF8.GetBytes(what)) >= 0;
    }

    // A back end that lags knows a block that was replaced, and another one what is above it now.
    [Fact]
    public void A_range_that_is_not_on_top_of_what_was_told_is_not_taken()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(300);
        bench.Catch();
        var replaced = bench.Node.Head;
        bench.Node.Drop(20);
        bench.MineWithEvents(500);
        var left = 3;
        bench.Link.Instead = request => request.Parameters.Span.IndexOf("[\"0x12c\","u8) >= 0 && left-- > 0
            ? new RpcResult(Encoding.UTF8.GetBytes(replaced.Json))
            : null;

        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.True(left < 3);
    }

    [Fact]
    public void It_is_taken_back_to_the_last_anchor_that_stands_and_no_further()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalAge = TimeSpan.Zero });
        bench.MineWithEvents(5_000);
        bench.Catch();

        bench.Node.Drop(3_000);
        bench.MineWithEvents(3_001);
        bench.Pass(TimeSpan.FromMinutes(5));

        bench.AssertComplete();
        Assert.InRange(bench.Told.Count(happened => happened is Reverted), 3_000, 3_000 + (int)CanonicalChain.Spacing);
    }

    [Fact]
    public void Another_chain_ends_the_events_when_it_stays_and_nothing_is_taken_back_before()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();

        bench.Node.Drop(101);
        bench.MineWithEvents(110);
        bench.Pass(TimeSpan.FromMinutes(3));
        Assert.Null(bench.Error);
        Assert.StartsWith("Block 0 is not ", bench.LastHealth.Problem, StringComparison.Ordinal);
        bench.Pass(TimeSpan.FromMinutes(3));

        Assert.Contains(
            "too deep to take back", Assert.IsType<ChainUntrustedException>(bench.Error).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Told, happened => happened is Reverted);
    }

    [Fact]
    public void Of_a_chain_that_grows_a_bounded_part_is_kept()
    {
        var chain = new CanonicalChain();
        var told = new List<MarketEvent>();
        for (var number = 0UL; number < 60_000; number++)
        {
            var stamp = new BlockStamp(number, new Domain.UnixSeconds(number));
            MarketEvent happened = new RequestFailed(stamp, default);
            told.Add(happened);
            chain.Push(new CanonicalBlock(stamp, [happened]));
        }

        Assert.InRange(chain.Kept.Count, 1_000, 1_024 + 101);
        Assert.InRange(chain.Tip.Number - chain.Lowest.Number, 25_000UL, 26_000UL);
        Assert.Equal(told.Skip(40_001).Take(12_000), chain.EventsIn(40_000, 52_000));
        Assert.All(
            chain.Kept.Zip(chain.Kept.Skip(1)), pair => Assert.InRange(pair.Second.Number - pair.First.Number, 1UL, 256UL));
        var lowest = chain.Lowest.Number;
        List<MarketEvent> back = [];
        while (chain.Kept.Count > 1)
        {
            back.InsertRange(0, chain.Pop().Events);
        }

        Assert.Equal(told.Skip((int)lowest + 1), back);
    }
}
