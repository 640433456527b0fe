using static CodexSales.Rx.Testing.Tests.Contract.ContractBench;

namespace CodexSales.Rx.Testing.Tests.Contract;

public sealed class FreeRuleTests
{
    private static readonly UInt256 PerSecond = 2002;

    private readonly ContractBench _bench = new();

    [Fact]
    public void Freeing_a_filled_slot_costs_everything_and_leaves_it_in_repair()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        var before = _bench.BalanceOf(Alice);

        var reply = _bench.Free(Alice, slot);

        Assert.Equal([new SlotFreed(_bench.At, slot)], reply.Events);
        Assert.Equal(SlotState.Repair, _bench.StateOf(slot));
        Assert.Equal(default, _bench.Contract.GetHost(slot));
        Assert.Equal(UInt256.Zero, _bench.Contract.GetCollateral(slot));
        Assert.Equal(before, _bench.BalanceOf(Alice));
        AssertRefused(MarketRefusal.NotTheHost, _bench.Free(Alice, slot));
    }

    [Fact]
    public void A_started_request_fails_with_the_first_slot_that_it_may_not_lose()
    {
        var id = _bench.StartedRequest();
        AssertLanded(_bench.Free(Alice, new SlotKey(id, 0)));

        var reply = _bench.Free(Alice, new SlotKey(id, 1));

        Assert.Equal([new SlotFreed(_bench.At, new(id, 1)), new RequestFailed(_bench.At, id)], reply.Events);
        Assert.Equal(SlotState.Failed, _bench.StateOf(new SlotKey(id, 0)));
        Assert.Equal(SlotState.Failed, _bench.StateOf(new SlotKey(id, 1)));
    }

    [Fact]
    public void A_new_request_does_not_fail()
    {
        var slot = new SlotKey(_bench.Request(SomeRequests.Ask with { MaxSlotLoss = 0 }), 0);
        _bench.ReserveAndFill(Alice, slot);

        Assert.Equal([new SlotFreed(_bench.At, slot)], _bench.Free(Alice, slot).Events);
    }

    [Fact]
    public void A_request_that_may_lose_all_its_slots_never_fails()
    {
        var id = _bench.StartedRequest(SomeRequests.Ask with { MaxSlotLoss = 2 });

        AssertLanded(_bench.Free(Alice, new SlotKey(id, 0)));
        Assert.Equal([new SlotFreed(_bench.At, new(id, 1))], _bench.Free(Alice, new SlotKey(id, 1)).Events);
    }

    [Fact]
    public void A_finished_slot_pays_from_fill_to_end_and_gives_the_collateral_back_without_an_event()
    {
        var id = _bench.Request();
        _bench.Now = _bench.Now.Plus(100);
        _bench.ReserveAndFill(Alice, new SlotKey(id, 0));
        _bench.ReserveAndFill(Bob, new SlotKey(id, 1));
        _bench.Now = _bench.End.Plus(1000);
        Assert.Equal(SlotState.Finished, _bench.StateOf(new SlotKey(id, 0)));

        var reply = _bench.Free(Alice, new SlotKey(id, 0));

        AssertLanded(reply);
        Assert.Empty(reply.Events);
        Assert.Equal(Funds + (PerSecond * (36_000 - 100)), _bench.BalanceOf(Alice));
        Assert.Equal(SlotState.Paid, _bench.StateOf(new SlotKey(id, 0)));
        Assert.Equal(Alice, _bench.Contract.GetHost(new SlotKey(id, 0)));
        AssertRefused(MarketRefusal.AlreadyPaid, _bench.Free(Alice, new SlotKey(id, 0)));
    }

    [Fact]
    public void A_repaired_slot_earns_the_repair_reward_at_its_end()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertLanded(_bench.Free(Alice, slot));
        _bench.Now = _bench.Now.Plus(120);
        _bench.ReserveAndFill(Bob, slot);
        _bench.Now = _bench.End.Plus(1);

        AssertLanded(_bench.Free(Bob, slot));

        Assert.Equal(Funds + (PerSecond * (36_000 - 120)) + 300, _bench.BalanceOf(Bob));
    }

    [Fact]
    public void A_cancelled_slot_pays_from_fill_to_expiry_also_after_the_client_withdrew()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        _bench.Now = _bench.Now.Plus(600);
        _bench.ReserveAndFill(Alice, slot);
        _bench.Now = _bench.Expiry.Plus(1);
        AssertLanded(_bench.Contract.WithdrawFunds(_bench.At, SomeRequests.Client, slot.RequestId));
        Assert.Equal(SlotState.Cancelled, _bench.StateOf(slot));

        AssertLanded(_bench.Free(Alice, slot));

        Assert.Equal(Funds + (PerSecond * 3000), _bench.BalanceOf(Alice));
        Assert.Equal(UInt256.Zero, _bench.BalanceOf(SimulatedContract.Account));
        AssertRefused(MarketRefusal.AlreadyPaid, _bench.Free(Alice, slot));
    }

    [Fact]
    public void A_slot_filled_in_the_last_second_before_the_expiry_can_never_be_freed()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        _bench.Now = _bench.Expiry;
        _bench.ReserveAndFill(Alice, slot);

        _bench.Now = _bench.Expiry.Plus(1);

        AssertRefused(MarketRefusal.StartNotBeforeExpiry, _bench.Free(Alice, slot));
    }

    [Fact]
    public void A_failed_slot_gives_nothing_back_and_can_be_freed_again_and_again()
    {
        var id = _bench.StartedRequest(SomeRequests.Ask with { MaxSlotLoss = 0 });
        AssertLanded(_bench.Free(Alice, new SlotKey(id, 0)));
        Assert.Single(_bench.Contract.GetSlotIdsOf(Alice));
        var before = _bench.BalanceOf(Alice);

        for (var time = 0; time < 2; time++)
        {
            var reply = _bench.Free(Alice, new SlotKey(id, 1));
            AssertLanded(reply);
            Assert.Empty(reply.Events);
        }

        Assert.Equal(before, _bench.BalanceOf(Alice));
        Assert.Empty(_bench.Contract.GetSlotIdsOf(Alice));
    }

    [Fact]
    public void Only_the_host_frees_a_slot_and_only_one_that_was_filled()
    {
        var id = _bench.StartedRequest();

        AssertRefused(MarketRefusal.NotTheHost, _bench.Free(Bob, new SlotKey(id, 0)));
        AssertRefused(MarketRefusal.SlotIsFree, _bench.Free(Bob, new SlotKey(id, 7)));
    }

    [Fact]
    public void A_slot_in_repair_of_a_finished_request_reads_finished_and_is_nobodys()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertLanded(_bench.Free(Alice, slot));

        _bench.Now = _bench.End.Plus(1);

        Assert.Equal(SlotState.Finished, _bench.StateOf(slot));
        AssertRefused(MarketRefusal.NotTheHost, _bench.Free(Alice, slot));
    }

    [Fact]
    public void The_list_of_a_host_holds_what_it_fills_until_it_is_paid()
    {
        var id = _bench.StartedRequest();
        Assert.Equal(
            [
                new HostedSlot(new(id, 0), SomeRequests.Request, _bench.Expiry, _bench.End),
                new HostedSlot(new(id, 1), SomeRequests.Request, _bench.Expiry, _bench.End),
            ],
            _bench.Contract.GetHostedSlots(_bench.Now, _bench.Contract.GetSlotIdsOf(Alice)));

        _bench.Now = _bench.End.Plus(1);
        AssertLanded(_bench.Free(Alice, new SlotKey(id, 0)));

        Assert.Equal([new SlotKey(id, 1).SlotId], _bench.Contract.GetSlotIdsOf(Alice));
        Assert.Empty(_bench.Contract.GetSlotIdsOf(Bob));
    }
}
