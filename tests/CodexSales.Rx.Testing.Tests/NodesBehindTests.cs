using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Testing.Tests;

/// <summary>As of which block a question is answered.</summary>
public sealed class NodesBehindTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _market;
    private SlotKey _slot;

    public NodesBehindTests()
    {
        _chain = new SimulatedChain(
            _time, new SimulatedChainOptions { MaxBlocksBehind = 4, MaxReorganisation = 4 });
        _market = _chain.ConnectHost(Host);
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void A_node_knows_of_what_happened_up_to_its_own_newest_block()
    {
        FillAt1003();

        Assert.Equal(
            [SlotState.Filled, SlotState.Filled, SlotState.Free, SlotState.Free, null],
            Enumerable.Range(0, 5).Select(behind => behind == 4 ? StateOfUnknown(behind) : StateAsOf(behind)));
        Assert.Equal(SlotState.Filled, StateAsOf(null));
    }

    [Fact]
    public void A_proof_is_demanded_as_of_the_block_of_the_node()
    {
        FillAt1003();

        var demands = Enumerable.Range(0, 4).Select(behind => DemandAsOf(behind).Pointer).ToList();

        Assert.Equal([demands[0], demands[0] - 1, demands[0] - 2, demands[0] - 3], demands.Select(pointer => (int)pointer));
        Assert.Equal(demands[0] + 1, DemandAsOf(null).Pointer);
    }

    [Fact]
    public void A_node_that_takes_the_newest_block_for_the_pending_one_answers_for_the_period_before()
    {
        using var chain = new SimulatedChain(
            _time, new SimulatedChainOptions { FirstBlockAge = TimeSpan.FromSeconds(7) });
        var market = chain.ConnectHost(Host);
        var slot = new SlotKey(chain.RequestStorage(SomeRequests.Ask, 3600), 0);
        _time.AdvanceBy(TimeSpan.FromSeconds(121));

        Assert.NotEqual(Challenge(null), Challenge(0));
        _time.AdvanceBy(TimeSpan.FromSeconds(4));
        Assert.Equal(Challenge(null), Challenge(0));

        Bytes32 Challenge(int? behind)
        {
            market.NodesBehind = _ => behind;
            return _time.Run(() => market.GetProofDemandAsync(slot, default)).Challenge;
        }
    }

    [Fact]
    public void A_node_that_is_behind_is_for_a_while_on_the_chain_that_was_replaced()
    {
        FillAt1003();
        _time.AdvanceBy(TimeSpan.FromSeconds(3));
        _chain.Reorganise(3, _ => TransactionFate.Lost);

        Assert.Equal((SlotState.Free, SlotState.Filled), (StateAsOf(0), StateAsOf(1)));
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        Assert.Equal((SlotState.Free, SlotState.Filled), (StateAsOf(0), StateAsOf(1)));
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        Assert.Equal((SlotState.Free, SlotState.Free), (StateAsOf(0), StateAsOf(1)));
    }

    [Fact]
    public void Each_question_comes_to_one_of_the_nodes()
    {
        var market = _chain.ConnectHost(
            Host, new SimulatedMarketOptions { NodesBehind = [0, 3], UnknownBlockPercent = 20, Seed = 5 });
        FillAt1003();

        var answers = Enumerable.Range(0, 200).Select(_ => Ask(market)).GroupBy(state => state)
            .ToDictionary(states => $"{states.Key}", states => states.Count());

        Assert.InRange(answers["Filled"], 50, 110);
        Assert.InRange(answers["Free"], 50, 110);
        Assert.InRange(answers[""], 20, 60);
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

        Assert.Null(Ask(_market));
        Assert.IsType<TransactionInDoubt>(_time.Run(() => _market.ReserveSlotAsync(_slot, default)));
        _time.AdvanceTo(VirtualTime.Start + TimeSpan.FromHours(2));

        Assert.Equal(TimeSpan.FromHours(2), Assert.Single(events.Values).At);
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(2)], heads.Values.Select(head => head.At));
        Assert.Equal(SlotState.Free, Ask(_market));
    }

    // Requested in block 1001, reserved in 1002, filled in 1003; the newest is 1004.
    private void FillAt1003()
    {
        _slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask, 3600), 0);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        _time.Run(() => _market.ReserveSlotAsync(_slot, default));
        _time.Run(() => _market.FillSlotAsync(_slot, SimulatedProver.AnyProof, UInt256.MaxValue, default));
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
    }

    private SlotState StateAsOf(int? behind)
    {
        _market.NodesBehind = _ => behind;
        return _time.Run(() => _market.GetSlotStateAsync(_slot, default));
    }

    private SlotState? StateOfUnknown(int behind)
    {
        _market.NodesBehind = _ => behind;
        return _time.Run(() => _market.GetRequestStateAsync(_slot.RequestId, default)) is null ? null : SlotState.Free;
    }

    private ProofDemand DemandAsOf(int? behind)
    {
        _market.NodesBehind = _ => behind;
        return _time.Run(() => _market.GetProofDemandAsync(_slot, default));
    }

    private SlotState? Ask(SimulatedMarket market)
    {
        try
        {
            return _time.Run(() => market.GetSlotStateAsync(_slot, default));
        }
        catch (MarketUnavailableException)
        {
            return null;
        }
    }
}
