using static CodexSales.Rx.Testing.Tests.Contract.ContractBench;

namespace CodexSales.Rx.Testing.Tests.Contract;

public sealed class FillRuleTests
{
    private static readonly UInt256 Collateral = 3003;

    private readonly ContractBench _bench = new();

    [Fact]
    public void A_fill_takes_the_collateral_and_leaves_a_proof_and_the_fill()
    {
        var slot = new SlotKey(_bench.Request(), 0);

        var reply = _bench.ReserveAndFill(Alice, slot);

        Assert.Equal([new ProofSubmitted(_bench.At, slot.SlotId), new SlotFilled(_bench.At, slot)], reply.Events);
        Assert.Equal(SlotState.Filled, _bench.StateOf(slot));
        Assert.Equal(Alice, _bench.Contract.GetHost(slot));
        Assert.Equal(Collateral, _bench.Contract.GetCollateral(slot));
        Assert.Equal(Funds - Collateral, _bench.BalanceOf(Alice));
    }

    [Fact]
    public void The_last_fill_of_a_new_request_fulfils_it()
    {
        var id = _bench.Request();
        _bench.ReserveAndFill(Alice, new SlotKey(id, 1));

        var reply = _bench.ReserveAndFill(Bob, new SlotKey(id, 0));

        Assert.Equal(new RequestFulfilled(_bench.At, id), reply.Events[^1]);
        Assert.IsType<SlotFilled>(reply.Events[^2]);
        Assert.Equal(RequestState.Started, _bench.Contract.FindRequest(id)!.StateAt(_bench.Now));
    }

    [Fact]
    public void A_fill_needs_a_request_a_slot_of_it_and_a_reservation()
    {
        var id = _bench.Request();

        AssertRefused(MarketRefusal.UnknownRequest, _bench.Fill(Alice, new SlotKey(default, 0)));
        AssertRefused(MarketRefusal.InvalidSlot, _bench.Fill(Alice, new SlotKey(id, 2)));
        AssertRefused(MarketRefusal.ReservationRequired, _bench.Fill(Alice, new SlotKey(id, 0)));
    }

    [Fact]
    public void A_filled_slot_is_not_free()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Bob, slot));
        _bench.ReserveAndFill(Alice, slot);

        AssertRefused(MarketRefusal.SlotNotFree, _bench.Fill(Bob, slot));
    }

    [Fact]
    public void A_slot_can_be_filled_until_the_second_of_the_expiry()
    {
        var id = _bench.Request();
        _bench.ReserveAndFill(Alice, new SlotKey(id, 0));
        AssertLanded(_bench.Reserve(Alice, new SlotKey(id, 1)));

        _bench.Now = _bench.Expiry;

        Assert.IsType<RequestFulfilled>(_bench.Fill(Alice, new SlotKey(id, 1)).Events[^1]);
    }

    [Fact]
    public void A_slot_that_was_never_filled_reads_free_after_the_expiry_but_cannot_be_filled()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Alice, slot));

        _bench.Now = _bench.Expiry.Plus(1);

        Assert.Equal(SlotState.Free, _bench.StateOf(slot));
        AssertRefused(MarketRefusal.SlotNotFree, _bench.Fill(Alice, slot));
        Assert.Equal(SlotState.Free, _bench.StateOf(slot));
    }

    [Fact]
    public void A_fill_without_a_valid_proof_is_refused()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Alice, slot));

        var reply = _bench.Contract.FillSlot(_bench.At, Alice, slot, new(0, 0, 0, 0, 0, 0, 0, 0), UInt256.MaxValue);

        AssertRefused(MarketRefusal.InvalidProof, reply);
    }

    [Fact]
    public void A_fill_with_one_unit_too_little_allowed_is_refused()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Alice, slot));

        AssertRefused(
            MarketRefusal.InsufficientFunds,
            _bench.Contract.FillSlot(_bench.At, Alice, slot, Proof, Collateral - 1));
        AssertLanded(_bench.Contract.FillSlot(_bench.At, Alice, slot, Proof, Collateral));
    }

    [Fact]
    public void A_host_without_the_collateral_is_refused()
    {
        var poor = Address.Parse("0x0000000000000000000000000000000000000bad");
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(poor, slot));

        AssertRefused(MarketRefusal.InsufficientFunds, _bench.Fill(poor, slot));
    }

    [Fact]
    public void A_slot_whose_collateral_overflows_can_never_be_filled()
    {
        var slot = new SlotKey(_bench.Request(SomeRequests.Ask with { CollateralPerByte = UInt256.MaxValue }), 0);
        AssertLanded(_bench.Reserve(Alice, slot));

        AssertRefused("Panic 0x11", _bench.Fill(Alice, slot));
    }

    [Fact]
    public void A_repair_costs_the_reward_less_counts_in_full_and_fulfils_nothing_again()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertLanded(_bench.Free(Alice, slot));
        Assert.Equal(SlotState.Repair, _bench.StateOf(slot));
        _bench.Now = _bench.Now.Plus(120);

        var reply = _bench.ReserveAndFill(Bob, slot);

        Assert.Equal([new ProofSubmitted(_bench.At, slot.SlotId), new SlotFilled(_bench.At, slot)], reply.Events);
        Assert.Equal(Funds - (Collateral - 300), _bench.BalanceOf(Bob));
        Assert.Equal(Collateral, _bench.Contract.GetCollateral(slot));
    }

    [Fact]
    public void A_slot_freed_and_filled_in_one_period_has_its_proof_already()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertLanded(_bench.Free(Alice, slot));
        AssertLanded(_bench.Reserve(Bob, slot));

        AssertRefused(MarketRefusal.ProofAlreadySubmitted, _bench.Fill(Bob, slot));
        _bench.Now = _bench.Now.Plus(120);
        AssertLanded(_bench.Fill(Bob, slot));
    }

    [Fact]
    public void A_repair_in_the_last_second_of_the_request_is_refused()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertLanded(_bench.Free(Alice, slot));
        AssertLanded(_bench.Reserve(Bob, slot));

        _bench.Now = _bench.End;

        AssertRefused(MarketRefusal.StartNotBeforeExpiry, _bench.Fill(Bob, slot));
    }

    [Fact]
    public void The_last_of_as_many_slots_as_a_request_can_have_can_be_filled()
    {
        var most = ulong.MaxValue / SomeRequests.Ask.DurationSeconds;
        var slot = new SlotKey(_bench.Request(SomeRequests.Ask with { Slots = most, SlotSizeBytes = 0 }), most - 1);

        _bench.ReserveAndFill(Alice, slot);

        Assert.Equal(Funds, _bench.BalanceOf(Alice));
    }
}
