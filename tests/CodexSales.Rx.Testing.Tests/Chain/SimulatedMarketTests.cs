namespace CodexSales.Rx.Testing.Tests.Chain;

public sealed class SimulatedMarketTests : IDisposable
{
    private static readonly Address Host = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Groth16Proof Proof = SimulatedProver.AnyProof;

    private readonly VirtualTime _time = new();
    private readonly SimulatedChain _chain;
    private readonly SimulatedMarket _market;

    public SimulatedMarketTests()
    {
        _chain = new SimulatedChain(_time);
        _market = _chain.ConnectHost(
            Host,
            new SimulatedMarketOptions
            {
                CallLatency = TimeSpan.FromMilliseconds(250),
                TransactionLatency = TimeSpan.FromSeconds(20),
            });
    }

    public void Dispose() => _chain.Dispose();

    [Fact]
    public void A_question_takes_the_call_latency()
    {
        Assert.Equal(_chain.Options.Rules, _time.Run(() => _market.GetRulesAsync(default)));

        Assert.Equal(TimeSpan.FromMilliseconds(250), _time.Elapsed);
    }

    [Fact]
    public void Without_latency_an_answer_comes_at_the_same_moment_but_not_inside_of_the_call()
    {
        var market = _chain.ConnectHost(Host);

        var answer = market.GetRulesAsync(CancellationToken.None);

        Assert.False(answer.IsCompleted);
        _time.RunDue();
        Assert.True(answer.IsCompletedSuccessfully);
    }

    [Fact]
    public void An_answer_is_about_the_block_that_was_asked_about_however_late_it_comes()
    {
        var request = RequestInBlock();
        var slot = new SlotKey(request.RequestId, 0);
        _time.AdvanceTo(DateTimeOffset.FromUnixTimeSeconds((long)request.ExpiresAt.Value + 12));
        var block = _market.Newest();
        var last = block with { Number = block.Number - 1, Time = request.ExpiresAt, Hash = default };

        Assert.Equal(RequestState.Cancelled, _market.ViewOf(_time, slot).RequestState);
        var view = _time.Run(() => _market.GetSlotAsync(slot, last, default));

        Assert.Equal((last, RequestState.New), (view.AsOf, view.RequestState));
    }

    [Fact]
    public void A_cancelled_question_ends_at_once_and_leaves_no_timer()
    {
        using var source = new CancellationTokenSource();
        var answer = _market.GetRulesAsync(source.Token);

        source.Cancel();

        Assert.True(answer.IsCanceled);
        Assert.Equal(0, _time.PendingCount);
        Assert.True(_market.GetRulesAsync(source.Token).IsCanceled);
        Assert.True(_market.ReserveSlotAsync(default, source.Token).IsCanceled);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void A_transaction_waits_for_the_block_after_its_latency()
    {
        var outcome = _time.Run(() => _market.ReserveSlotAsync(default, default));

        Assert.Equal(
            new BlockStamp(1002, UnixSeconds.From(VirtualTime.Start).Plus(24)),
            Assert.IsType<TransactionLanded>(outcome).Block.WithoutHash());
        Assert.Equal(TimeSpan.FromSeconds(24), _time.Elapsed);
    }

    [Fact]
    public void A_late_transaction_is_in_doubt_when_it_should_land_and_lands_later()
    {
        _market.Faults = _ => MarketFault.Late;

        Assert.IsType<TransactionInDoubt>(_time.Run(() => _market.ReserveSlotAsync(default, default)));

        _market.Faults = _ => MarketFault.None;
        Assert.True(_market.MayReserve(_time, default));
        _time.AdvanceBy(new SimulatedMarketOptions().LateBy);
        Assert.False(_market.MayReserve(_time, default));
    }

    [Fact]
    public void What_stalls_ends_only_by_cancelling_and_a_transaction_is_never_sent()
    {
        using var source = new CancellationTokenSource();
        _market.Faults = _ => MarketFault.Stalls;
        var answer = _market.GetRulesAsync(source.Token);
        var outcome = _market.ReserveSlotAsync(default, source.Token);
        _time.AdvanceBy(TimeSpan.FromDays(1));
        Assert.False(answer.IsCompleted || outcome.IsCompleted);

        source.Cancel();

        Assert.True(answer.IsCanceled && outcome.IsCanceled);
        _market.Faults = _ => MarketFault.None;
        Assert.True(_market.MayReserve(_time, default));
    }

    [Fact]
    public void A_refused_transaction_does_nothing()
    {
        _market.Faults = call => call.Name == "ReserveSlotAsync" ? MarketFault.Refused : MarketFault.None;

        Assert.IsType<TransactionRefused>(_time.Run(() => _market.ReserveSlotAsync(default, default)));

        Assert.True(_market.MayReserve(_time, default));
    }

    [Fact]
    public void Cancelling_a_transaction_cancels_the_wait_alone()
    {
        using var source = new CancellationTokenSource();
        var outcome = _market.ReserveSlotAsync(default, source.Token);

        source.Cancel();
        _time.RunUntilIdle();

        Assert.True(outcome.IsCanceled);
        Assert.False(_market.MayReserve(_time, default));
    }

    [Fact]
    public void Transactions_of_one_block_land_in_the_order_of_sending()
    {
        var slot = new SlotKey(RequestInBlock().RequestId, 0);
        var hosts = Enumerable.Range(1, 4).Select(i => _chain.ConnectHost(Address.Parse($"0x{i:x40}"))).ToList();

        var outcomes = hosts.Select(host => host.ReserveSlotAsync(slot, default)).ToList();
        var landed = _time.Run(() => Task.WhenAll(outcomes));

        Assert.All(landed[..3], outcome => Assert.IsType<TransactionLanded>(outcome));
        Assert.IsType<TransactionRefused>(landed[3]);
    }

    [Fact]
    public void A_block_is_announced_before_its_events_and_these_before_its_outcomes()
    {
        List<string> log = [];
        using var heads = _chain.Heads.Subscribe(head => log.Add($"head {head.Number}"));
        using var events = _chain.Events.Subscribe(happened => log.Add(happened.GetType().Name));
        var slot = new SlotKey(_chain.RequestStorage(SomeRequests.Ask, 3600), 0);
        var market = _chain.ConnectHost(Host);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));

        _time.Run(() => market.ReserveSlotAsync(slot, default));
        _time.Run(async () => log.Add((await market.FillSlotAsync(slot, Proof, 3003, default)).GetType().Name));

        Assert.Equal(
            [
                "head 1000", "BlockTold", "head 1001", "StorageRequested", "BlockTold", "head 1002", "BlockTold",
                "head 1003", "ProofSubmitted", "SlotFilled", "BlockTold", "TransactionLanded",
            ],
            log);
    }

    [Fact]
    public void A_late_subscriber_is_told_the_past_first_and_then_the_same_as_everyone()
    {
        using var early = _time.Record(_market.Events);
        RequestInBlock();
        using var late = _time.Record(_chain.ConnectHost(Host).Events);
        RequestInBlock();

        Assert.Equal(
            ["BlockTold", "StorageRequested", "BlockTold", "StorageRequested", "BlockTold"],
            early.Values.Select(value => value.Value.GetType().Name));
        Assert.Equal(early.Values.Skip(1).Select(value => value.Value), late.Values.Select(value => value.Value));
    }

    [Fact]
    public void The_past_goes_no_further_back_than_requests_can_be_open()
    {
        var ask = SomeRequests.Ask;
        _chain.RequestStorage(ask, 3600);
        _time.AdvanceBy(TimeSpan.FromDays(31));
        var request = _chain.RequestStorage(ask, 3600);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));

        using var events = _time.Record(_chain.Events);

        var past = Assert.Single(events.Values.Select(value => value.Value).WithoutBlocks());
        Assert.Equal(request, Assert.IsType<StorageRequested>(past).RequestId);
    }

    [Fact]
    public void A_subscriber_made_by_an_event_hears_each_event_once()
    {
        List<MarketEvent> heard = [];
        IDisposable? inner = null;
        using var outer = _chain.Events.Subscribe(_ => inner ??= _chain.Events.Subscribe(heard.Add));
        _chain.RequestStorage(SomeRequests.Ask, 3600);
        _chain.RequestStorage(SomeRequests.Ask, 3600);

        _time.AdvanceBy(TimeSpan.FromSeconds(12));

        Assert.Equal(2, heard.OfType<StorageRequested>().Count());
        Assert.Equal(2, heard.OfType<StorageRequested>().Distinct().Count());
        inner!.Dispose();
    }

    [Fact]
    public void What_the_contract_answers_with_an_error_is_null_in_what_it_says()
    {
        var slot = new SlotKey(RequestInBlock(SomeRequests.Ask with { ProofProbability = UInt256.MaxValue }).RequestId, 0);
        _time.Run(() => _market.ReserveSlotAsync(slot, default));
        _time.Run(() => _market.FillSlotAsync(slot, Proof, UInt256.MaxValue, default));
        _time.AdvanceBy(TimeSpan.FromMinutes(4));

        var view = _market.ViewOf(_time, slot);
        Assert.Equal((SlotState.Filled, Host, null), (view.State, view.Host, view.Demand));
        var unknown = _market.OfferOf(_time, default);
        Assert.Null(unknown.Request);
        Assert.Null(unknown.View.RequestState);
    }

    [Fact]
    public void A_lost_call_is_not_answered_and_a_lost_transaction_never_lands()
    {
        _market.Faults = call => call.Name is nameof(IMarket.GetRulesAsync) or nameof(IMarket.ReserveSlotAsync)
            ? MarketFault.Lost
            : MarketFault.None;

        Assert.Throws<MarketUnavailableException>(() => _time.Run(() => _market.GetRulesAsync(default)));
        Assert.IsType<TransactionInDoubt>(_time.Run(() => _market.ReserveSlotAsync(default, default)));
        Assert.True(_market.MayReserve(_time, default));
    }

    [Fact]
    public void An_unconfirmed_transaction_lands()
    {
        _market.Faults = call =>
            call.Name == nameof(IMarket.ReserveSlotAsync) ? MarketFault.Unconfirmed : MarketFault.None;

        Assert.IsType<TransactionInDoubt>(_time.Run(() => _market.ReserveSlotAsync(default, default)));

        Assert.False(_market.MayReserve(_time, default));
    }

    [Fact]
    public void Only_the_first_view_of_a_host_brings_funds()
    {
        _chain.ConnectHost(Host);

        Assert.Equal(_chain.Options.HostFunds, _chain.BalanceOf(Host));
        Assert.Equal(_chain.Options.HostFunds, _chain.TotalSupply);
    }

    private StorageRequested RequestInBlock(StorageAsk? ask = null)
    {
        _chain.RequestStorage(ask ?? SomeRequests.Ask, 3600);
        StorageRequested? last = null;
        using var events = _chain.Events.Subscribe(happened => last = happened as StorageRequested ?? last);
        _time.AdvanceBy(TimeSpan.FromSeconds(12));
        return last!;
    }
}
