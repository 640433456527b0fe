namespace CodexSales.Rx.Testing.Tests.Chain;

public sealed class SimulatedChainTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Groth16Proof Proof = SimulatedProver.AnyProof;

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _host;

    public SimulatedChainTests()
    {
        _chain = new SimulatedChain(_time);
        _host = _chain.ConnectHost(Host);
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void A_transaction_lands_in_the_next_block()
    {
        using var events = _time.Record(_chain.Events);
        _time.AdvanceBy(TimeSpan.FromSeconds(5));

        var id = _chain.RequestStorage(SomeRequests.Ask, 3600);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));

        var happened = Assert.Single(events.Values, each => each.Value is not BlockTold);
        var block = happened.Value.Block;
        Assert.Equal(new BlockStamp(1001, new UnixSeconds(1_767_225_612)), block.WithoutHash());
        Assert.Equal(
            new(TimeSpan.FromSeconds(12), new StorageRequested(block, id, SomeRequests.Ask, block.Time.Plus(3600))),
            happened);
    }

    [Fact]
    public void A_transaction_sent_at_the_moment_of_a_block_lands_in_the_one_after()
    {
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        using var events = _time.Record(_chain.Events);

        _chain.RequestStorage(SomeRequests.Ask, 3600);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));

        Assert.Equal(1002UL, Assert.Single(events.Values, each => each.Value is StorageRequested).Value.Block.Number);
    }

    [Fact]
    public void Every_block_is_announced_as_long_as_somebody_listens()
    {
        Assert.Equal(0, _time.PendingCount);
        using (var heads = _time.Record(_chain.Heads))
        {
            Assert.Equal(1, _time.PendingCount);
            _time.AdvanceBy(TimeSpan.FromSeconds(30));

            Assert.Equal(
                [
                    new(TimeSpan.Zero, new BlockStamp(1000, new UnixSeconds(1_767_225_600))),
                    new(TimeSpan.FromSeconds(12), new BlockStamp(1001, new UnixSeconds(1_767_225_612))),
                    new(TimeSpan.FromSeconds(24), new BlockStamp(1002, new UnixSeconds(1_767_225_624))),
                ],
                heads.Values.Select(head => head with { Value = head.Value.WithoutHash() }));
        }

        Assert.Equal(0, _time.PendingCount);
        Assert.True(_chain.IsQuiet);
    }

    [Fact]
    public void Blocks_may_share_a_second_and_miss_the_borders_of_periods()
    {
        using var fast = new SimulatedChain(_time, new SimulatedChainOptions
        {
            BlockSeconds = 0.4,
            FirstBlockAge = TimeSpan.FromSeconds(0.3),
        });
        using var heads = _time.Record(fast.Heads);

        _time.AdvanceBy(TimeSpan.FromSeconds(1.3));

        Assert.Equal([0, 0.1, 0.5, 0.9, 1.3], heads.Values.Select(head => head.At.TotalSeconds));
        Assert.Equal(
            [1_767_225_599UL, 1_767_225_600, 1_767_225_600, 1_767_225_600, 1_767_225_601],
            heads.Values.Select(head => head.Value.Time.Value));
    }

    [Theory]
    [InlineData(1, new[] { 12, 630, 642, 654, 666 })]
    [InlineData(4, new[] { 12, 621, 624, 627, 630 })]
    public void A_chain_that_stood_still_goes_on_from_there(int speed, int[] announced)
    {
        using var heads = _time.Record(_chain.Heads);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));

        _chain.Halt(TimeSpan.FromSeconds(606), speed);
        _time.AdvanceBy(TimeSpan.FromSeconds(660));

        Assert.Equal(announced, heads.Values.Skip(1).Take(5).Select(head => (int)head.At.TotalSeconds));
        Assert.Equal(
            [12UL, 24, 36, 48, 60], heads.Values.Skip(1).Take(5).Select(head => head.Value.Time.Value - 1_767_225_600));
    }

    [Fact]
    public void A_chain_that_goes_on_faster_catches_up_with_the_clock()
    {
        using var heads = _time.Record(_chain.Heads);

        _chain.Halt(TimeSpan.FromHours(1), speed: 10);
        _time.AdvanceBy(TimeSpan.FromHours(1) + TimeSpan.FromMinutes(7));

        Assert.Equal(1000UL + (67 * 5), heads.Values[^1].Value.Number);
        Assert.Equal(_time.ChainTime, heads.Values[^1].Value.Time);
        Assert.Equal(
            Enumerable.Range(1000, (67 * 5) + 1), heads.Values.Select(head => (int)head.Value.Number));
    }

    [Fact]
    public void What_is_sent_to_a_chain_that_stands_still_lands_when_it_goes_on()
    {
        using var events = _time.Record(_chain.Events);
        _time.AdvanceBy(TimeSpan.FromSeconds(5));
        _chain.Halt(TimeSpan.FromMinutes(10));

        _chain.RequestStorage(SomeRequests.Ask, 3600);
        _time.AdvanceBy(TimeSpan.FromMinutes(11));

        var happened = Assert.Single(events.Values, each => each.Value is StorageRequested);
        Assert.Equal(TimeSpan.FromSeconds(612), happened.At);
        Assert.Equal(new BlockStamp(1001, new UnixSeconds(1_767_225_612)), happened.Value.Block.WithoutHash());
    }

    [Fact]
    public void A_host_reserves_fills_and_is_paid()
    {
        var ask = SomeRequests.Ask with { Slots = 1, ProofProbability = 1000 };
        var slot = new SlotKey(_chain.RequestStorage(ask, 3600), 0);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        var atFirst = _chain.BalanceOf(Host);

        _time.Run(() => _host.ReserveSlotAsync(slot, default));
        var filled = _time.Run(() => _host.FillSlotAsync(slot, Proof, 3003, default));
        var filledAt = Assert.IsType<TransactionLanded>(filled).Block.Time;
        Assert.Equal(SlotState.Filled, _host.ViewOf(_time, slot).State);
        var mine = _time.Run(() => _host.GetMySlotsAsync(_host.Newest(), default));
        var end = Assert.Single(_time.Run(() => _host.GetHostedSlotsAsync(mine, _host.Newest(), default))).EndsAt;
        _time.AdvanceTo(DateTimeOffset.FromUnixTimeSeconds((long)end.Value + 1));
        Assert.Equal(SlotState.Filled, _host.ViewOf(_time, slot).State);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        Assert.Equal(SlotState.Finished, _host.ViewOf(_time, slot).State);
        var freed = Assert.IsType<TransactionLanded>(_time.Run(() => _host.FreeSlotAsync(slot, default)));

        Assert.Equal(SlotState.Paid, _chain.GetSlotState(slot));
        var slashed = (UInt256)3003 - freed.Payout!.Collateral;
        Assert.Equal(atFirst + ((UInt256)2002 * end.SecondsSince(filledAt)) - slashed, _chain.BalanceOf(Host));
    }
}
