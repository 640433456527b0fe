using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;

namespace CodexSales.Rx.Testing.Tests;

public sealed class SimulatedChainTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Groth16Proof Proof = new(1, 2, 3, 4, 5, 6, 7, 8);

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

        var block = new BlockStamp(1001, new UnixSeconds(1_767_225_612));
        Assert.Equal(
            [new(TimeSpan.FromSeconds(12), new StorageRequested(block, id, SomeRequests.Ask, block.Time.Plus(3600)))],
            events.Values);
    }

    [Fact]
    public void A_transaction_sent_at_the_moment_of_a_block_lands_in_the_one_after()
    {
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        using var heads = _time.Record(_chain.Heads);

        _chain.RequestStorage(SomeRequests.Ask, 3600);
        _time.AdvanceBy(TimeSpan.FromMinutes(1));

        Assert.Equal([1001UL, 1002], heads.Values.Select(head => head.Value.Number));
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
        Assert.Equal(SlotState.Filled, _time.Run(() => _host.GetSlotStateAsync(slot, default)));
        var end = Assert.Single(_time.Run(() => _host.GetMySlotsAsync(default))).EndsAt;
        _time.AdvanceTo(DateTimeOffset.FromUnixTimeSeconds((long)end.Value + 1));
        Assert.Equal(SlotState.Finished, _time.Run(() => _host.GetSlotStateAsync(slot, default)));
        var freed = Assert.IsType<TransactionLanded>(_time.Run(() => _host.FreeSlotAsync(slot, default)));

        Assert.Equal(SlotState.Paid, _chain.GetSlotState(slot));
        var slashed = (UInt256)3003 - freed.Payout!.Collateral;
        Assert.Equal(atFirst + ((UInt256)2002 * end.SecondsSince(filledAt)) - slashed, _chain.BalanceOf(Host));
    }
}
