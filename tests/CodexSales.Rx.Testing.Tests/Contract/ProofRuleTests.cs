using static CodexSales.Rx.Testing.Tests.Contract.ContractBench;

namespace CodexSales.Rx.Testing.Tests.Contract;

public sealed class ProofRuleTests
{
    private static readonly UInt256 Collateral = 3003;

    // Without downtime and with probability 1 every period but the first wants a proof.
    private static readonly SimulatedChainOptions WithoutDowntime = new()
    {
        Rules = new SimulatedChainOptions().Rules with { ProofDowntimeBlocks = 0 },
    };

    private readonly ContractBench _bench = new(WithoutDowntime);

    [Fact]
    public void A_proof_is_taken_once_a_period()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertRefused(MarketRefusal.ProofAlreadySubmitted, Submit(Alice, slot));

        _bench.Now = _bench.Now.Plus(120);

        Assert.Equal([new ProofSubmitted(_bench.At, slot.SlotId)], Submit(Alice, slot).Events);
        AssertRefused(MarketRefusal.ProofAlreadySubmitted, Submit(Alice, slot));
    }

    [Fact]
    public void A_proof_is_taken_in_any_state_and_from_the_host_alone()
    {
        var id = _bench.StartedRequest();
        _bench.Now = _bench.End.Plus(1);

        AssertLanded(Submit(Alice, new SlotKey(id, 0)));
        AssertRefused(MarketRefusal.NotTheHost, Submit(Bob, new SlotKey(id, 0)));
        AssertRefused(MarketRefusal.UnknownRequest, Submit(Alice, new SlotKey(id, 9)));
    }

    [Fact]
    public void The_zero_proof_is_refused()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        _bench.Now = _bench.Now.Plus(120);

        var reply = _bench.Contract.SubmitProof(_bench.At, Alice, slot, new(0, 0, 0, 0, 0, 0, 0, 0));

        AssertRefused(MarketRefusal.InvalidProof, reply);
    }

    [Fact]
    public void A_proof_counts_for_its_own_slot_and_challenge_alone()
    {
        var id = _bench.StartedRequest();
        var (slot, other) = (new SlotKey(id, 0), new SlotKey(id, 1));
        _bench.Now = _bench.Now.Plus(120);
        var stale = ValidProof.Of(slot, Demand(slot).Challenge);
        _bench.Now = _bench.Now.Plus(120);
        var proof = ValidProof.Of(slot, Demand(slot).Challenge);

        AssertRefused(MarketRefusal.InvalidProof, _bench.Contract.SubmitProof(_bench.At, Alice, slot, stale));
        AssertRefused(MarketRefusal.InvalidProof, _bench.Contract.SubmitProof(_bench.At, Alice, other, proof));
        AssertLanded(_bench.Contract.SubmitProof(_bench.At, Alice, slot, proof));
    }

    [Fact]
    public void A_challenge_is_stale_once_the_pointer_has_begun_anew()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        _bench.Now = _bench.Now.Plus(120);
        var at = _bench.At;
        var last = at with { Number = at.Number + 255UL - _bench.Contract.FindProofDemand(at, slot)!.Pointer };
        var proof = ValidProof.Of(slot, _bench.Contract.FindProofDemand(at, slot)!.Challenge);

        AssertRefused(
            MarketRefusal.InvalidProof,
            _bench.Contract.SubmitProof(last with { Number = last.Number + 1 }, Alice, slot, proof));
        AssertLanded(_bench.Contract.SubmitProof(last, Alice, slot, proof));
    }

    [Fact]
    public void A_slot_is_filled_with_a_proof_of_the_block_that_the_fill_lands_in()
    {
        var slot = new SlotKey(_bench.Request(), 0);
        AssertLanded(_bench.Reserve(Alice, slot));
        var proof = ValidProof.Of(slot, Demand(slot).Challenge);

        _bench.Now = _bench.Now.Plus(120);
        AssertRefused(MarketRefusal.InvalidProof, Fill(proof));
        AssertLanded(Fill(ValidProof.Of(slot, Demand(slot).Challenge)));

        ContractReply Fill(Groth16Proof made) =>
            _bench.Contract.FillSlot(_bench.At, Alice, slot, made, UInt256.MaxValue);
    }

    [Fact]
    public void No_proof_is_required_in_the_period_of_the_fill()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);

        Assert.False(Demand(slot).IsRequired);
        _bench.Now = _bench.Now.Plus(119);
        Assert.False(Demand(slot).IsRequired);
        _bench.Now = _bench.Now.Plus(1);
        Assert.True(Demand(slot).IsRequired);
    }

    [Fact]
    public void Nothing_is_required_of_a_slot_that_is_not_filled()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        AssertLanded(_bench.Free(Alice, slot));
        _bench.Now = _bench.Now.Plus(120);

        Assert.False(Demand(slot).IsRequired);
        Assert.False(Demand(new SlotKey(default, 0)).IsRequired);
    }

    [Fact]
    public void The_pointer_moves_by_one_with_each_block_and_jumps_with_each_period()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        var first = Demand(slot).Pointer;

        _bench.Now = _bench.Now.Plus(12);
        Assert.Equal((first + 1) % 256, Demand(slot).Pointer);
        _bench.Now = _bench.Now.Plus(108);
        Assert.Equal((first + 10 + 67) % 256, Demand(slot).Pointer);
    }

    [Fact]
    public void The_challenge_stays_while_the_pointer_moves_with_the_blocks_until_it_begins_anew()
    {
        var bench = new ContractBench(new SimulatedChainOptions
        {
            Rules = new SimulatedChainOptions().Rules with { ProofPeriodSeconds = 12 * 512 },
        });
        var slot = new SlotKey(bench.Request(), 0);
        var (pointer, challenges) = (0, new HashSet<Bytes32>());

        for (var block = 0; block < 256; block++)
        {
            var demand = bench.Contract.FindProofDemand(bench.At, slot)!;
            pointer += demand.Pointer;
            challenges.Add(demand.Challenge);
            bench.Now = bench.Now.Plus(12);
        }

        Assert.Equal(255 * 256 / 2, pointer);
        Assert.InRange(challenges.Count, 1, 2);
    }

    [Fact]
    public void In_downtime_a_proof_will_be_required_and_is_not_yet()
    {
        var bench = new ContractBench();
        var slot = new SlotKey(bench.StartedRequest(), 0);
        var periodsInDowntime = 0;

        for (var period = 0; period < 256; period++)
        {
            bench.Now = bench.Now.Plus(120);
            var demand = bench.Contract.FindProofDemand(bench.At, slot)!;
            Assert.Equal(demand.Pointer < 64, demand.WillBeRequired);
            Assert.Equal(demand.Pointer >= 64, demand.IsRequired);
            periodsInDowntime += demand.WillBeRequired ? 1 : 0;
        }

        Assert.InRange(periodsInDowntime, 32, 96);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(10, 64)]
    [InlineData(4, 128)]
    public void Proofs_are_required_as_often_as_the_client_asks_for_in_spite_of_downtime(int probability, byte downtime)
    {
        var bench = new ContractBench(new SimulatedChainOptions
        {
            Rules = new SimulatedChainOptions().Rules with { ProofDowntimeBlocks = downtime },
        });
        var ask = SomeRequests.Ask with { ProofProbability = (ulong)probability, DurationSeconds = 2_592_000 };
        var slot = new SlotKey(bench.StartedRequest(ask), 0);
        var required = 0;

        const int Periods = 20_000;
        for (var period = 0; period < Periods; period++)
        {
            bench.Now = bench.Now.Plus(120);
            required += bench.Contract.FindProofDemand(bench.At, slot)!.IsRequired ? 1 : 0;
        }

        // Integer arithmetic of the contract: 10 becomes 7, so one in 7 of three quarters of the periods.
        var effective = probability * (256 - downtime) / 256;
        var expected = (double)Periods * (256 - downtime) / 256 / effective;
        Assert.InRange(required, 0.9 * expected, 1.1 * expected);
    }

    [Fact]
    public void A_probability_beyond_the_contracts_arithmetic_makes_it_panic()
    {
        var id = _bench.StartedRequest(SomeRequests.Ask with { ProofProbability = UInt256.MaxValue });
        _bench.Now = _bench.Now.Plus(120);

        Assert.Null(_bench.Contract.FindProofDemand(_bench.At, new SlotKey(id, 0)));
        Assert.Equal(0, _bench.EndPeriod().Marks);
    }

    [Fact]
    public void A_missed_proof_costs_a_share_of_the_full_collateral_and_the_validator_gets_a_share_of_that()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        _bench.EndPeriod();
        AssertLanded(Submit(Alice, new SlotKey(slot.RequestId, 1)));

        var (marks, events) = _bench.EndPeriod();

        Assert.Equal(1, marks);
        Assert.Empty(events);
        Assert.Equal(Collateral - 300, _bench.Contract.GetCollateral(slot));
        Assert.Equal((UInt256)60, _bench.BalanceOf(SimulatedContract.Validator));
    }

    [Fact]
    public void The_period_of_the_fill_is_never_missed()
    {
        _bench.StartedRequest();

        Assert.Equal(0, _bench.EndPeriod().Marks);
        Assert.Equal(2, _bench.EndPeriod().Marks);
    }

    [Fact]
    public void A_proof_of_the_next_period_does_not_stand_for_the_one_before()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        _bench.EndPeriod();
        var end = _bench.Contract.GetPeriodEnd(_bench.Now);
        _bench.Now = end;
        AssertLanded(Submit(Alice, slot));

        _bench.Now = end.Plus(1);
        _bench.Contract.MarkMissingProofs(_bench.At, end);

        Assert.Equal(Collateral - 300, _bench.Contract.GetCollateral(slot));
    }

    [Fact]
    public void A_proof_still_counts_when_the_next_period_has_its_own_before_validators_look()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        _bench.EndPeriod();
        AssertLanded(Submit(Alice, slot));
        var end = _bench.Contract.GetPeriodEnd(_bench.Now);
        _bench.Now = end;
        AssertLanded(Submit(Alice, slot));

        _bench.Now = end.Plus(1);
        _bench.Contract.MarkMissingProofs(_bench.At, end);

        Assert.Equal(Collateral, _bench.Contract.GetCollateral(slot));
    }

    [Fact]
    public void A_proof_is_marked_as_missing_after_the_periods_end_and_before_the_time_out()
    {
        _bench.StartedRequest();
        _bench.EndPeriod();
        var end = _bench.Contract.GetPeriodEnd(_bench.Now);

        Assert.Equal(0, _bench.Contract.MarkMissingProofs(new BlockStamp(1, end), end).Marks);
        Assert.Equal(0, _bench.Contract.MarkMissingProofs(new BlockStamp(1, end.Plus(30)), end).Marks);
        Assert.Equal(2, _bench.Contract.MarkMissingProofs(new BlockStamp(1, end.Plus(29)), end).Marks);
    }

    [Fact]
    public void The_fifth_missed_proof_costs_the_slot()
    {
        var slot = new SlotKey(_bench.StartedRequest(), 0);
        _bench.EndPeriod();
        for (var missed = 0; missed < 4; missed++)
        {
            AssertLanded(Submit(Alice, new SlotKey(slot.RequestId, 1)));
            Assert.Empty(_bench.EndPeriod().Events);
        }

        AssertLanded(Submit(Alice, new SlotKey(slot.RequestId, 1)));
        var (_, events) = _bench.EndPeriod();

        Assert.Equal([new SlotFreed(_bench.At, slot)], events);

        Assert.Equal(SlotState.Repair, _bench.StateOf(slot));
        Assert.Equal(UInt256.Zero, _bench.Contract.GetCollateral(slot));
    }

    [Fact]
    public void Slots_lost_by_missed_proofs_make_the_request_fail()
    {
        var id = _bench.StartedRequest();
        IReadOnlyList<MarketEvent> events = [];
        for (var period = 0; period < 6; period++)
        {
            events = _bench.EndPeriod().Events;
        }

        Assert.Equal(
            [
                new SlotFreed(_bench.At, new(id, 0)),
                new SlotFreed(_bench.At, new(id, 1)),
                new RequestFailed(_bench.At, id),
            ],
            events);
        Assert.False(_bench.Contract.HasWatchedSlots);
    }

    [Fact]
    public void A_repaired_slot_starts_with_no_missed_proofs()
    {
        var slot = new SlotKey(_bench.StartedRequest(SomeRequests.Ask with { MaxSlotLoss = 2 }), 0);
        for (var period = 0; period < 6; period++)
        {
            _bench.EndPeriod();
        }

        _bench.ReserveAndFill(Bob, slot);
        _bench.EndPeriod();
        _bench.EndPeriod();

        Assert.Equal(SlotState.Filled, _bench.StateOf(slot));
        Assert.Equal(Collateral - 300, _bench.Contract.GetCollateral(slot));
    }

    private ProofDemand Demand(SlotKey slot) => _bench.Contract.FindProofDemand(_bench.At, slot)!;

    private ContractReply Submit(Address host, SlotKey slot) =>
        _bench.Contract.SubmitProof(_bench.At, host, slot, Proof);
}
