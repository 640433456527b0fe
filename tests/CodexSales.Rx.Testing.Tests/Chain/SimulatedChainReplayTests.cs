namespace CodexSales.Rx.Testing.Tests.Chain;

public sealed class SimulatedChainReplayTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Groth16Proof Proof = SimulatedProver.AnyProof;
    private static readonly RequestId Id = RequestId.Of(SomeRequests.Request);

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _market;
    private readonly RecordingObserver<MarketEvent> _events;
    private ulong _block = 4999;

    public SimulatedChainReplayTests()
    {
        _chain = new SimulatedChain(_time, new SimulatedChainOptions { FirstBlock = 4999 });
        _market = _chain.ConnectHost(Host);
        _events = _time.Record(_market.Events);
    }

    private IEnumerable<MarketEvent> Published => _events.Values.Select(value => value.Value).WithoutBlocks();

    public void Dispose()
    {
        _events.Dispose();
        _chain.Dispose();
    }

    [Fact]
    public void A_recorded_request_is_known_by_its_id_with_the_ask_of_the_event()
    {
        var requested = Requested();

        Assert.True(_chain.Replay(requested));

        Assert.Equal([requested], Published);
        var request = _market.OfferOf(_time, new SlotKey(Id, 0)).Request!;
        Assert.Equal(SomeRequests.Ask, request.Ask);
        Assert.Equal(3600UL, request.ExpirySeconds);
        Assert.False(request.Cid.IsDefaultOrEmpty);
        Assert.False(_chain.Replay(Requested()));
    }

    [Fact]
    public void Recorded_fills_fulfil_the_request_and_the_recorded_fulfilment_is_not_told_twice()
    {
        _chain.Replay(Requested());

        Assert.True(_chain.Replay(Filled(0)));
        Assert.False(_chain.Replay(new RequestFulfilled(NextBlock(), Id)));
        Assert.True(_chain.Replay(Filled(1)));
        Assert.True(_chain.Replay(new RequestFulfilled(NextBlock(), Id)));

        Assert.Equal(
            [typeof(StorageRequested), typeof(SlotFilled), typeof(SlotFilled), typeof(RequestFulfilled)],
            Published.Select(happened => happened.GetType()));
    }

    [Fact]
    public void What_the_record_says_of_a_slot_that_we_fill_is_dropped()
    {
        _chain.Replay(Requested());
        FillOurselves(0);
        var published = Published.Count();

        Assert.False(_chain.Replay(new ProofSubmitted(NextBlock(), new SlotKey(Id, 0).SlotId)));
        Assert.False(_chain.Replay(Filled(0)));
        Assert.False(_chain.Replay(new SlotFreed(NextBlock(), new SlotKey(Id, 0))));
        Assert.False(_chain.Replay(new SlotReservationsFull(NextBlock(), new SlotKey(Id, 0))));

        Assert.Equal(published, Published.Count());
        Assert.Equal(Host, _chain.GetHost(new SlotKey(Id, 0)));
    }

    [Fact]
    public void A_request_is_fulfilled_by_whoever_fills_its_last_slot()
    {
        _chain.Replay(Requested());
        _chain.Replay(Filled(1));
        Assert.False(_chain.Replay(new RequestFulfilled(NextBlock(), Id)));

        FillOurselves(0);

        Assert.Equal(new RequestFulfilled(new BlockStamp(_block, _time.ChainTime), Id), Published.Last());
    }

    [Fact]
    public void Our_transactions_land_at_once_in_the_last_recorded_block()
    {
        _chain.Replay(Requested());
        _time.AdvanceBy(TimeSpan.FromSeconds(5));

        var outcome = _time.Run(() => _market.ReserveSlotAsync(new SlotKey(Id, 0), default));

        Assert.Equal(new TransactionLanded(new BlockStamp(5000, _time.ChainTime)), outcome);
        Assert.Equal(TimeSpan.FromSeconds(5), _time.Elapsed);
    }

    [Fact]
    public void A_slot_that_others_took_is_lost_to_us_and_one_that_they_lost_can_be_repaired()
    {
        var slot = new SlotKey(Id, 0);
        _chain.Replay(Requested());
        _time.Run(() => _market.ReserveSlotAsync(slot, default));
        _chain.Replay(Filled(0));
        _chain.Replay(Filled(1));
        var lost = _time.Run(() => _market.FillSlotAsync(slot, Proof, 3003, default));
        Assert.Equal(MarketRefusal.SlotNotFree, Assert.IsType<TransactionRefused>(lost).Reason);

        _time.AdvanceBy(TimeSpan.FromSeconds(120));
        Assert.True(_chain.Replay(new SlotFreed(NextBlock(), slot)));
        Assert.Equal(SlotState.Repair, _chain.GetSlotState(slot));
        FillOurselves(0);

        Assert.Equal(SlotState.Filled, _chain.GetSlotState(slot));
        Assert.Equal(_chain.Options.HostFunds - 2703, _chain.BalanceOf(Host));
    }

    [Fact]
    public void Recorded_losses_make_the_request_fail_once()
    {
        _chain.Replay(Requested());
        _chain.Replay(Filled(0));
        _chain.Replay(Filled(1));

        Assert.True(_chain.Replay(new SlotFreed(NextBlock(), new SlotKey(Id, 0))));
        Assert.False(_chain.Replay(new RequestFailed(NextBlock(), Id)));
        Assert.True(_chain.Replay(new SlotFreed(NextBlock(), new SlotKey(Id, 1))));
        Assert.True(_chain.Replay(new RequestFailed(NextBlock(), Id)));

        Assert.Single(Published.OfType<RequestFailed>());
    }

    [Fact]
    public void A_recorded_cancellation_counts_from_the_expiry_on_and_once()
    {
        _chain.Replay(Requested());
        Assert.False(_chain.Replay(new RequestCancelled(NextBlock(), Id)));

        _time.AdvanceBy(TimeSpan.FromSeconds(3601));

        Assert.True(_chain.Replay(new RequestCancelled(NextBlock(), Id)));
        Assert.False(_chain.Replay(new RequestCancelled(NextBlock(), Id)));
        Assert.Single(Published.OfType<RequestCancelled>());
    }

    [Fact]
    public void Recorded_reservations_keep_us_out_also_of_what_never_existed()
    {
        Assert.True(_chain.Replay(new SlotReservationsFull(NextBlock(), new SlotKey(default, 7))));

        Assert.False(_market.MayReserve(_time, new SlotKey(default, 7)));
        Assert.False(_chain.Replay(new SlotReservationsFull(NextBlock(), new SlotKey(default, 7))));
    }

    [Fact]
    public void Events_of_requests_that_the_record_does_not_hold_are_dropped()
    {
        Assert.False(_chain.Replay(Filled(0)));
        Assert.False(_chain.Replay(new SlotFreed(NextBlock(), new SlotKey(Id, 0))));
        Assert.False(_chain.Replay(new RequestFailed(NextBlock(), Id)));
        Assert.False(_chain.Replay(new RequestCancelled(NextBlock(), Id)));
        Assert.Empty(Published);
    }

    [Fact]
    public void Heads_are_the_records_blocks_each_once()
    {
        using var heads = _time.Record(_market.Heads);
        var block = NextBlock();

        _chain.Replay(new ProofSubmitted(block, default));
        _chain.Replay(new ProofSubmitted(block, default));
        _chain.Replay(new ProofSubmitted(NextBlock(), default));

        Assert.Equal([4999UL, 5000, 5001], heads.Values.Select(head => head.Value.Number));
    }

    [Fact]
    public void A_recorded_block_is_told_again_once_in_each_period_and_not_for_each_transaction_of_ours()
    {
        _chain.Replay(Requested());
        var at = _time.Elapsed;
        using var heads = _time.Record(_market.Heads);

        FillOurselves(0);
        _time.AdvanceTo(VirtualTime.Start + at + TimeSpan.FromSeconds(270));
        _ = _market.FreeSlotAsync(new SlotKey(Id, 0), default);
        _time.RunDue();

        Assert.Equal([0, 120, 240], heads.Values.Select(head => (head.At - at).TotalSeconds));
        Assert.All(heads.Values, head => Assert.Equal(_block, head.Value.Number));
        Assert.Equal(SlotState.Repair, _chain.GetSlotState(new SlotKey(Id, 0)));
    }

    [Fact]
    public void A_record_does_not_go_back()
    {
        _chain.Replay(new ProofSubmitted(new BlockStamp(5000, _time.ChainTime), default));

        Assert.Throws<ArgumentException>(
            () => _chain.Replay(new ProofSubmitted(new BlockStamp(4999, _time.ChainTime), default)));
    }

    [Fact]
    public void After_the_record_our_slots_go_on_by_the_clock_and_the_records_slots_are_left_alone()
    {
        _chain.Replay(Requested());
        FillOurselves(0);
        _chain.Replay(Filled(1));

        _time.AdvanceBy(TimeSpan.FromHours(8));

        Assert.Equal(SlotState.Repair, _chain.GetSlotState(new SlotKey(Id, 0)));
        Assert.Equal(SlotState.Filled, _chain.GetSlotState(new SlotKey(Id, 1)));
    }

    [Fact]
    public void Validators_leave_a_slot_alone_that_the_records_hosts_took_over_from_us()
    {
        _chain.Replay(Requested());
        FillOurselves(0);
        _time.Run(() => _market.FreeSlotAsync(new SlotKey(Id, 0), default));
        _chain.Replay(Filled(0));
        _chain.Replay(Filled(1));

        _time.AdvanceBy(TimeSpan.FromHours(8));

        Assert.Equal(SlotState.Filled, _chain.GetSlotState(new SlotKey(Id, 0)));
    }

    private void FillOurselves(ulong index)
    {
        var slot = new SlotKey(Id, index);
        _time.Run(() => _market.ReserveSlotAsync(slot, default));
        Assert.IsType<TransactionLanded>(_time.Run(() => _market.FillSlotAsync(slot, Proof, 3003, default)));
    }

    private BlockStamp NextBlock() => new(++_block, _time.ChainTime);

    private StorageRequested Requested() => new(NextBlock(), Id, SomeRequests.Ask, _time.ChainTime.Plus(3600));

    private SlotFilled Filled(ulong index) => new(NextBlock(), new SlotKey(Id, index));
}
