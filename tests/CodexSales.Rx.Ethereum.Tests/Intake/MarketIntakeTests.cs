using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

public sealed class MarketIntakeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_past_is_told_in_order_whether_logs_carry_their_time_or_not(bool timesInLogs)
    {
        var bench = new IntakeBench();
        bench.Node.TimesInLogs = timesInLogs;
        bench.MineWithEvents(3_000);

        bench.Catch();

        bench.AssertComplete();
        Assert.Equal(3_000, bench.Told.Count);
        Assert.Null(bench.LastHealth.Problem);
        Assert.Equal(0UL, bench.LastHealth.Lag);
    }

    [Fact]
    public void New_blocks_are_told_when_a_head_is_pushed_and_else_when_the_timer_says_so()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();

        bench.MineWithEvents(1);
        bench.Link.Push();
        bench.Pass(TimeSpan.FromSeconds(0.5));
        bench.AssertComplete();
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(4.5));

        bench.AssertComplete();
        Assert.Equal(bench.Node.Head.Stamp, bench.Heads.Values[^1].Value);
    }

    [Fact]
    public void A_burst_of_heads_costs_two_looks_at_most()
    {
        var bench = new IntakeBench();
        bench.Catch();
        bench.Link.Asked.Clear();

        for (var i = 0; i < 100; i++)
        {
            bench.Link.Push();
        }

        bench.Pass(TimeSpan.FromSeconds(1));

        Assert.InRange(bench.Link.Asked.Count(asked => asked.Parameters.Span.IndexOf("latest"u8) >= 0), 1, 2);
    }

    [Fact]
    public void Events_begin_as_far_back_as_a_request_can_be_open()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { LookBack = TimeSpan.FromHours(1) });
        bench.MineWithEvents(1_000);

        bench.Catch();

        Assert.Null(bench.Error);
        Assert.Equal(bench.Node.Events.TakeLast(301), bench.Net);
    }

    [Fact]
    public void What_the_node_calls_final_is_read_by_ranges_twice_and_no_more_is()
    {
        var bench = new IntakeBench();
        bench.Node.FinalDepth = 20;
        bench.MineWithEvents(300);

        bench.Catch();

        bench.AssertComplete();
        var ranges = bench.Link.Asked.Count(request => request.Parameters.Span.IndexOf("\"toBlock\":\"0x118\""u8) >= 0);
        var blocks = bench.Link.Asked.Count(request => request.Parameters.Span.IndexOf("blockHash"u8) >= 0);
        Assert.Equal((2, 20), (ranges, blocks));
    }

    [Fact]
    public void The_health_says_how_old_the_newest_block_is_and_how_much_is_not_told_yet()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(300);
        bench.Node.OnRange = (_, _) => new RpcError(-32000, "no", default);
        bench.Catch();
        var head = bench.Node.Head;

        Assert.Equal((head.Stamp, 300UL), (bench.LastHealth.Head, bench.LastHealth.Lag));
        Assert.Equal("fake", bench.LastHealth.Endpoint);
        var now = DateTimeOffset.FromUnixTimeSeconds((long)head.Stamp.Time.Value + 7);
        Assert.Equal(TimeSpan.FromSeconds(7), bench.LastHealth.AgeOfHead(now));
    }

    [Fact]
    public void A_block_that_cannot_be_read_shows_in_the_health_and_is_never_left_out()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { FinalDepth = 10 });
        bench.MineWithEvents(1_000);
        bench.Node.OnRange = (from, to) => from <= 500 && to >= 500
            ? new RpcError(-32000, "query returned more than 10000 results", default)
            : null;
        bench.Start();

        bench.Pass(TimeSpan.FromHours(1));
        Assert.Equal(
            "The logs of block 500 can't be read: query returned more than 10000 results", bench.LastHealth.Problem);
        Assert.DoesNotContain(bench.Told, happened => happened.Block.Number >= 500);
        Assert.InRange(bench.Link.Suspicions.Count, 1, 30);
        bench.Node.OnRange = (_, _) => null;
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
        Assert.Null(bench.LastHealth.Problem);
    }

    [Fact]
    public void A_node_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();
        bench.Link.Instead = _ => new RpcError(429, "slow down", default, TimeSpan.FromSeconds(40));
        bench.Pass(TimeSpan.FromSeconds(5));
        bench.Link.Instead = _ => null;
        bench.Link.Asked.Clear();

        bench.Pass(TimeSpan.FromSeconds(34));
        Assert.Empty(bench.Link.Asked);
        Assert.Equal("The node refuses: slow down", bench.LastHealth.Problem);
        bench.Pass(TimeSpan.FromSeconds(10));

        Assert.Null(bench.LastHealth.Problem);
    }

    [Fact]
    public void A_stalled_node_is_suspected_and_told_of_until_it_goes_on()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();

        bench.Pass(TimeSpan.FromMinutes(5));
        Assert.Contains("There was no new block for", bench.LastHealth.Problem, StringComparison.Ordinal);
        Assert.InRange(bench.Link.Suspicions.Count, 2, 3);
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(40));

        Assert.Null(bench.LastHealth.Problem);
        bench.AssertComplete();
    }

    [Fact]
    public void Another_chain_than_expected_is_an_error()
    {
        var bench = new IntakeBench(new MarketIntakeOptions { ChainId = 1 });

        bench.Catch();

        Assert.Equal(
            "The node fake is on chain 31337; chain 1 is expected.",
            Assert.IsType<ChainUntrustedException>(bench.Error).Message);
    }

    [Fact]
    public void A_node_on_another_chain_after_a_reconnect_is_an_error_before_it_tells_anything()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();

        bench.Node.ChainId = 5;
        bench.MineWithEvents(1);
        bench.Link.Disconnect();
        bench.Pass(TimeSpan.FromMinutes(1));

        Assert.IsType<ChainUntrustedException>(bench.Error);
        Assert.Equal(100, bench.Told.Count);
    }

    [Fact]
    public void An_address_without_a_contract_is_told_and_asked_about_again()
    {
        var bench = new IntakeBench();
        bench.Node.Code = "0x";
        bench.MineWithEvents(100);
        bench.Start();

        bench.Pass(TimeSpan.FromMinutes(1));
        Assert.StartsWith("The node knows no contract at 0x9fe4", bench.LastHealth.Problem, StringComparison.Ordinal);
        bench.Node.Code = "0x60";
        bench.Pass(TimeSpan.FromMinutes(1));

        bench.AssertComplete();
    }

    [Fact]
    public void Proofs_are_told_only_when_asked_for()
    {
        foreach (var proofs in new[] { false, true })
        {
            var bench = new IntakeBench(new MarketIntakeOptions { Proofs = proofs });
            bench.Node.Mine([block => new ProofSubmitted(block, new SlotId(Keccak256.Hash([]))), bench.Something()]);

            bench.Catch();

            Assert.Equal(proofs ? 2 : 1, bench.Told.Count);
        }
    }

    [Fact]
    public void Logs_that_no_bloom_filter_excludes_and_no_others_are_asked_for()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();
        bench.Link.Asked.Clear();

        bench.Node.MineEmpty(10);
        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(30));

        bench.AssertComplete();
        Assert.Single(bench.Link.Asked, request => request.Method == "eth_getLogs");
    }

    [Fact]
    public void Logs_that_should_be_there_by_the_bloom_filter_are_asked_for_again()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(100);
        bench.Catch();
        var empty = 2;
        bench.Link.Instead = request =>
            request.Method == "eth_getLogs" && empty-- > 0 ? new RpcResult("[]"u8.ToArray()) : null;

        bench.MineWithEvents(1);
        bench.Pass(TimeSpan.FromSeconds(30));

        bench.AssertComplete();
    }

    [Fact]
    public void Only_one_may_read_at_a_time()
    {
        var bench = new IntakeBench();
        var first = bench.Start();
        Assert.Throws<InvalidOperationException>(() => bench.Intake.Events.Subscribe(_ => { }, error => throw error));

        first.Dispose();
        bench.Net.Clear();
        bench.MineWithEvents(3);
        bench.Catch();

        bench.AssertComplete();
    }

    [Fact]
    public void Nothing_is_asked_any_more_when_nobody_listens()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(3);
        var subscription = bench.Start();
        bench.Pass(TimeSpan.FromMinutes(1));

        subscription.Dispose();
        bench.Link.Asked.Clear();
        bench.MineWithEvents(3);
        bench.Pass(TimeSpan.FromHours(1));

        Assert.Empty(bench.Link.Asked);
        Assert.Equal(0, bench.Time.PendingCount);
    }

    [Fact]
    public void A_subscriber_that_throws_is_heard()
    {
        var bench = new IntakeBench();
        bench.MineWithEvents(3);
        bench.Intake.Events.Subscribe(_ => throw new InvalidTimeZoneException("mine"));

        Assert.Throws<InvalidTimeZoneException>(() => bench.Pass(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Logs_that_cannot_be_decoded_are_counted_and_told()
    {
        var bench = new IntakeBench();
        bench.Node.Mine([bench.Something()]);
        byte[] log = (LogText.Of(new RequestFailed(bench.Node.Head.Stamp, default)) with
        {
            Data = "\"0x00\"", BlockHash = $"\"{bench.Node.Head.Hash}\"",
        }).ToUtf8();
        byte[] logs = [(byte)'[', .. log, (byte)']'];
        bench.Link.Instead = request =>
            request.Parameters.Span.IndexOf("blockHash"u8) >= 0 ? new RpcResult(logs) : null;

        bench.Catch();

        Assert.Equal(1, bench.LastHealth.Undecodable);
        var problems = string.Join(' ', bench.Health.Values.Select(health => health.Value.Problem));
        Assert.Contains("A log of the contract can't be decoded", problems, StringComparison.Ordinal);
    }
}
