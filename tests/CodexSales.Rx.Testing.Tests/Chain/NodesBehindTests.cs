namespace CodexSales.Rx.Testing.Tests.Chain;

/// <summary>As of which block a question is answered.</summary>
public sealed class NodesBehindTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _market;
    private readonly List<BlockStamp> _blocks = [];
    private SlotKey _slot;

    public NodesBehindTests()
    {
        _chain = new SimulatedChain(
            _time, new SimulatedChainOptions { MaxBlocksBehind = 4, MaxReorganisation = 4 });
        _market = _chain.ConnectHost(Host);
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void What_is_said_as_of_a_block_is_what_had_happened_up_to_it()
    {
        FillAt1003();

        Assert.Equal(
            [SlotState.Free, SlotState.Free, SlotState.Filled, SlotState.Filled],
            _blocks[^4..].Select(block => AsOf(block)?.State));
        Assert.Equal(
            [null, RequestState.New, RequestState.New, RequestState.New, RequestState.New],
            _blocks.Select(block => AsOf(block)?.RequestState));
    }

    [Fact]
    public void The_pointer_is_that_of_the_block_and_names_the_same_challenge_through_a_period()
    {
        FillAt1003();

        var pointers = _blocks[^4..].Select(block => AsOf(block)!.Demand!.Pointer).ToList();

        Assert.Equal(
            [pointers[0], pointers[0] + 1, pointers[0] + 2, pointers[0] + 3], pointers.Select(pointer => (int)pointer));
        Assert.Single(_blocks[^4..].Select(block => AsOf(block)!.Demand!.Challenge).Distinct());
    }

    [Fact]
    public void The_period_is_that_of_the_block_also_when_the_clock_has_passed_its_end()
    {
        using var chain = new SimulatedChain(
            _time, new SimulatedChainOptions { FirstBlockAge = TimeSpan.FromSeconds(7) });
        var market = chain.ConnectHost(Host);
        var slot = new SlotKey(chain.RequestStorage(SomeRequests.Ask, 3600), 0);
        _time.AdvanceBy(TimeSpan.FromSeconds(121));
        var before = market.ViewOf(_time, slot).Demand!;

        _time.AdvanceBy(TimeSpan.FromSeconds(4));

        var after = market.ViewOf(_time, slot).Demand!;
        Assert.Equal(UnixSeconds.From(VirtualTime.Start).Value / 120, before.Period);
        Assert.Equal(before.Period + 1, after.Period);
        Assert.NotEqual(before.Challenge, after.Challenge);
    }

    [Fact]
    public void Nothing_is_said_as_of_a_block_that_was_replaced()
    {
        FillAt1003();
        var replaced = _blocks[^2];
        _chain.Reorganise(2, _ => TransactionFate.Lost);

        Assert.Null(AsOf(replaced));
        Assert.Equal(SlotState.Free, AsOf(_market.Newest())?.State);
        Assert.Equal(SlotState.Free, AsOf(replaced with { Hash = default })?.State);
    }

    [Fact]
    public void A_node_that_is_behind_does_not_answer_as_of_a_block_that_it_has_not_heard_of()
    {
        FillAt1003();

        _market.NodesBehind = _ => 1;

        Assert.Null(AsOf(_blocks[^1]));
        Assert.Equal(SlotState.Filled, AsOf(_blocks[^2])?.State);
    }

    [Fact]
    public void Each_question_comes_to_one_of_the_nodes()
    {
        var market = _chain.ConnectHost(
            Host, new SimulatedMarketOptions { NodesBehind = [0, 3], UnknownBlockPercent = 20, Seed = 5 });
        FillAt1003();

        Assert.InRange(CountAnswers(_blocks[^1]), 50, 110);
        Assert.InRange(CountAnswers(_blocks[^4]), 140, 180);

        int CountAnswers(BlockStamp block) =>
            Enumerable.Range(0, 200).Count(_ => Ask(market, block) is not null);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    public void A_node_is_behind_by_no_more_blocks_than_the_chain_keeps(int behind) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => _chain.ConnectHost(Host, new SimulatedMarketOptions { NodesBehind = [behind] }));

    [Fact]
    public void An_outcome_may_be_told_long_after_it_landed()
    {
        var market = _chain.ConnectHost(Host, new SimulatedMarketOptions { LateReceiptBlocks = 10 });
        market.Faults = _ => MarketFault.ReceiptLate;
        var slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask, 3600), 0);

        var outcome = _time.Run(() => market.ReserveSlotAsync(slot, default));

        Assert.Equal(1001UL, Assert.IsType<TransactionLanded>(outcome).Block.Number);
        Assert.Equal(TimeSpan.FromSeconds(12 * 11), _time.Elapsed);
    }

    [Fact]
    public void A_silent_market_tells_its_events_afterwards_and_answers_nothing_meanwhile()
    {
        using var events = _time.Record(_market.Events);
        using var heads = _time.Record(_market.Heads);
        _market.BeSilent(TimeSpan.FromHours(2));
        _slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask, 7200), 0);

        Assert.Null(AsOf(_chain.NewestBlock));
        Assert.IsType<TransactionInDoubt>(_time.Run(() => _market.ReserveSlotAsync(_slot, default)));
        _time.AdvanceTo(VirtualTime.Start + TimeSpan.FromHours(2));

        Assert.Equal(TimeSpan.FromHours(2), Assert.Single(events.Values, told => told.Value is StorageRequested).At);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(2)], events.Values.Select(told => told.At).Distinct());
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(2)], heads.Values.Select(head => head.At));
        Assert.Equal(SlotState.Free, AsOf(_chain.NewestBlock)?.State);
    }

    // Requested in block 1001, reserved in 1002, filled in 1003; the newest is 1004.
    private void FillAt1003()
    {
        using var heads = _market.Heads.Subscribe(_blocks.Add);
        _slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask, 3600), 0);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        _time.Run(() => _market.ReserveSlotAsync(_slot, default));
        _time.Run(() => _market.FillSlotAsync(_slot, SimulatedProver.AnyProof, UInt256.MaxValue, default));
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
    }

    private SlotView? AsOf(BlockStamp block) => Ask(_market, block);

    private SlotView? Ask(SimulatedMarket market, BlockStamp block)
    {
        try
        {
            return _time.Run(() => market.GetSlotAsync(_slot, block, default));
        }
        catch (MarketUnavailableException)
        {
            return null;
        }
    }
}
