using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>Several nodes behind one link, some of which are down or say something else.</summary>
public sealed class SeveralNodesTests
{
    private readonly VirtualTime _time = new();
    private readonly FakeNode _node = new();

    [Fact]
    public void With_the_first_one_down_health_says_so_once_and_stays_calm()
    {
        using var first = new FakeLink(_node, _time, "first") { Instead = _ => new RpcNoAnswer("refused", false) };
        using var second = new FakeLink(_node, _time, "second");
        var health = Follow([first, second]);

        Assert.Equal(
            ["first is of no use: second is asked."],
            health.Values.Select(value => value.Value.Notice).Distinct().OfType<string>());
        Assert.All(
            health.Values.Skip(1).SkipWhile(value => value.Value.Told is null),
            value => Assert.Null(value.Value.Problem));
        Assert.Equal(_node.Head.Stamp, health.Values[^1].Value.Told);
    }

    [Fact]
    public void Two_that_disagree_about_a_final_block_are_told_by_name_once()
    {
        var other = new FakeNode();
        other.Drop(1);
        other.MineEmpty(400);
        using var first = new FakeLink(_node, _time, "first");
        using var second = new FakeLink(other, _time, "second");
        using var third = new FakeLink(_node, _time, "third");
        var health = Follow([first, second, third]);

        var notice = Assert.Single(health.Values.Select(value => value.Value.Notice).Distinct().OfType<string>());
        Assert.Matches(
            "^first and second disagree about block [0-9]+, which is final: it is 0x[0-9a-f]+ or 0x[0-9a-f]+.$", notice);
        Assert.Null(health.Values[^1].Value.Problem);
    }

    // It is asked again when it has rested, and may have come back by then.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_stands_still_keeps_news_away_for_one_time_only(bool isOnAnotherBranch)
    {
        var other = new FakeNode();
        other.Drop(1);
        other.MineEmpty(221);
        _node.MineEmpty(200);
        using var first = new FakeLink(_node, _time, "first");
        using var second = new FakeLink(_node, _time, "second");
        using var both = new FailoverRpcTransport([first, second], null, _time);
        var intake = new MarketIntake(
            both, Recording.Marketplace, new MarketIntakeOptions { FinalAge = TimeSpan.Zero }, null, _time);
        var heads = _time.Record(intake.Heads);
        using var run = intake.Events.Subscribe();
        Grow(100);
        IReadOnlyList<FakeBlock> stuck = isOnAnotherBranch
            ? [.. _node.Chain.Take(210), .. other.Chain.Skip(210)]
            : [.. _node.Chain];
        first.View = () => stuck;
        Grow(500);
        Assert.Equal(
            1,
            heads.Values.Zip(heads.Values.Skip(1), (one, next) => next.At - one.At)
                .Count(silence => silence > TimeSpan.FromSeconds(30)));

        first.View = () => _node.Chain;
        second.Instead = _ => new RpcNoAnswer("refused", false);
        Grow(100);
        Assert.Equal("first", both.State.Endpoint);
        Assert.Equal(_node.Head.Stamp, heads.Values[^1].Value);

        void Grow(int blocks)
        {
            for (var i = 0; i < blocks; i++)
            {
                _node.Mine();
                _time.AdvanceBy(TimeSpan.FromSeconds(12));
            }
        }
    }

    private RecordingObserver<IntakeHealth> Follow(IReadOnlyList<IRpcLink> links)
    {
        using var both = new FailoverRpcTransport(links, null, _time);
        var intake = new MarketIntake(
            both, Recording.Marketplace, new MarketIntakeOptions { FinalAge = TimeSpan.Zero }, null, _time);
        var health = _time.Record(intake.Health);
        using var run = intake.Events.Subscribe();
        _node.MineEmpty(200);
        for (var i = 0; i < 100; i++)
        {
            _node.Mine();
            _time.AdvanceBy(TimeSpan.FromSeconds(12));
        }

        return health;
    }
}
