using static CodexSales.Rx.Testing.Tests.Contract.ContractBench;

namespace CodexSales.Rx.Testing.Tests.Contract;

public sealed class RequestRuleTests
{
    private static readonly UInt256 Price = (UInt256)2 * 1001 * 36_000 * 2;

    private readonly ContractBench _bench = new();

    public static TheoryData<string, Func<StorageRequest, StorageRequest>> InvalidRequests => new()
    {
        { "InvalidExpiry", r => r with { ExpirySeconds = 0 } },
        { "InvalidExpiry", r => r with { ExpirySeconds = r.Ask.DurationSeconds } },
        { "InsufficientSlots", r => r with { Ask = r.Ask with { Slots = 0, MaxSlotLoss = 0 } } },
        { "InvalidMaxSlotLoss", r => r with { Ask = r.Ask with { MaxSlotLoss = 3 } } },
        { "InsufficientProofProbability", r => r with { Ask = r.Ask with { ProofProbability = 0 } } },
        { "InsufficientCollateral", r => r with { Ask = r.Ask with { CollateralPerByte = 0 } } },
        { "InsufficientReward", r => r with { Ask = r.Ask with { PricePerBytePerSecond = 0 } } },
        { "InvalidCid", r => r with { Cid = [] } },
        { "DurationExceedsLimit", r => r with { Ask = r.Ask with { DurationSeconds = 2_592_001 } } },
        { "Panic 0x11", r => r with { Ask = r.Ask with { PricePerBytePerSecond = UInt256.MaxValue } } },
        {
            "Panic 0x11",
            r => r with { Ask = r.Ask with { Slots = (ulong.MaxValue / r.Ask.DurationSeconds) + 1, SlotSizeBytes = 0 } }
        },
    };

    public static TheoryData<Func<StorageAsk, StorageAsk>> HostileAsks => new()
    {
        a => a with { SlotSizeBytes = 0 },
        a => a with { Slots = 1_000_000 },
        a => a with { Slots = ulong.MaxValue / a.DurationSeconds, SlotSizeBytes = 0 },
        a => a with { SlotSizeBytes = ulong.MaxValue, PricePerBytePerSecond = 1 },
        a => a with { ProofProbability = UInt256.MaxValue },
        a => a with { CollateralPerByte = UInt256.MaxValue },
        a => a with { MaxSlotLoss = a.Slots },
    };

    [Fact]
    public void A_request_costs_the_reward_of_all_its_slots_and_is_announced_with_its_absolute_expiry()
    {
        var reply = _bench.Contract.RequestStorage(_bench.At, SomeRequests.Request);

        var id = RequestId.Of(SomeRequests.Request);
        Assert.Equal([new StorageRequested(_bench.At, id, SomeRequests.Ask, _bench.Now.Plus(3600))], reply.Events);
        Assert.Equal(Funds - Price, _bench.BalanceOf(SomeRequests.Client));
        Assert.Equal(Price, _bench.BalanceOf(SimulatedContract.Account));
    }

    [Theory]
    [MemberData(nameof(InvalidRequests))]
    public void A_request_that_the_contract_does_not_take_is_refused(
        string error, Func<StorageRequest, StorageRequest> change)
    {
        var reply = _bench.Contract.RequestStorage(_bench.At, change(SomeRequests.Request));

        AssertRefused(error, reply);
        Assert.Equal(Funds, _bench.BalanceOf(SomeRequests.Client));
    }

    [Theory]
    [MemberData(nameof(HostileAsks))]
    public void A_hostile_ask_is_accepted_in_no_time(Func<StorageAsk, StorageAsk> change)
    {
        var ask = change(SomeRequests.Ask);

        var reply = _bench.Contract.RequestStorage(_bench.At, SomeRequests.Request with { Ask = ask });

        Assert.Equal(ask, Assert.IsType<StorageRequested>(Assert.Single(reply.Events)).Ask);
    }

    [Fact]
    public void The_same_request_is_refused_a_second_time()
    {
        _bench.Request();

        AssertRefused("RequestAlreadyExists", _bench.Contract.RequestStorage(_bench.At, SomeRequests.Request));
    }

    [Fact]
    public void A_client_without_the_money_is_refused()
    {
        var poor = Address.Parse("0x0000000000000000000000000000000000000bad");
        var request = SomeRequests.Request with { Client = poor };

        AssertRefused(MarketRefusal.InsufficientFunds, _bench.Contract.RequestStorage(_bench.At, request));
    }

    [Fact]
    public void A_request_is_new_in_the_second_of_its_expiry_and_cancelled_in_the_next_one()
    {
        var request = _bench.Contract.FindRequest(_bench.Request())!;

        Assert.Equal(RequestState.New, request.StateAt(_bench.Expiry));
        Assert.Equal(RequestState.Cancelled, request.StateAt(_bench.Expiry.Plus(1)));
    }

    [Fact]
    public void A_request_runs_in_the_second_of_its_end_and_is_finished_in_the_next_one()
    {
        var request = _bench.Contract.FindRequest(_bench.StartedRequest())!;

        Assert.Equal(RequestState.Started, request.StateAt(_bench.End));
        Assert.Equal(RequestState.Finished, request.StateAt(_bench.End.Plus(1)));
    }

    [Fact]
    public void The_end_is_that_of_the_duration_or_the_expiry_of_a_cancelled_request()
    {
        var running = _bench.Contract.FindRequest(_bench.StartedRequest())!;
        var cancelled = _bench.Contract.FindRequest(_bench.Request(nonce: 1))!;

        Assert.Equal(_bench.End, running.EndAt(_bench.Expiry.Plus(1)));
        Assert.Equal(_bench.End, cancelled.EndAt(_bench.Now));
        Assert.Equal(_bench.Expiry, cancelled.EndAt(_bench.Expiry.Plus(1)));
    }

    [Fact]
    public void Nobody_takes_money_back_from_a_request_that_may_still_go_well()
    {
        var id = _bench.Request();

        AssertRefused("InvalidState", Withdraw(id));
        AssertRefused(MarketRefusal.UnknownRequest, Withdraw(default));
        _bench.Now = _bench.Expiry.Plus(1);
        AssertRefused("InvalidClientAddress", _bench.Contract.WithdrawFunds(_bench.At, Bob, id));
    }

    [Fact]
    public void The_client_of_a_cancelled_request_gets_back_what_hosts_did_not_earn_until_expiry()
    {
        var id = _bench.Request();
        _bench.Now = _bench.Now.Plus(600);
        _bench.ReserveAndFill(Alice, new SlotKey(id, 0));
        _bench.Now = _bench.Expiry.Plus(1);

        var reply = Withdraw(id);

        Assert.Equal([new RequestCancelled(_bench.At, id)], reply.Events);
        Assert.Equal(Funds - ((UInt256)2002 * 3000), _bench.BalanceOf(SomeRequests.Client));
        AssertRefused("NothingToWithdraw", Withdraw(id));
    }

    [Fact]
    public void The_client_of_a_finished_request_gets_back_what_was_not_earned_and_no_event_says_so()
    {
        var id = _bench.Request();
        _bench.Now = _bench.Now.Plus(100);
        _bench.ReserveAndFill(Alice, new SlotKey(id, 0));
        _bench.ReserveAndFill(Alice, new SlotKey(id, 1));
        _bench.Now = _bench.End.Plus(1);

        var reply = Withdraw(id);

        AssertLanded(reply);
        Assert.Empty(reply.Events);
        Assert.Equal(Funds - Price + ((UInt256)2002 * 100 * 2), _bench.BalanceOf(SomeRequests.Client));
    }

    [Fact]
    public void The_client_of_a_failed_request_gets_everything_back()
    {
        var id = _bench.StartedRequest(SomeRequests.Ask with { MaxSlotLoss = 0 });
        AssertLanded(_bench.Free(Alice, new SlotKey(id, 0)));

        AssertLanded(Withdraw(id));

        Assert.Equal(Funds, _bench.BalanceOf(SomeRequests.Client));
    }

    [Fact]
    public void A_request_for_nothing_has_nothing_to_withdraw()
    {
        var id = _bench.Request(SomeRequests.Ask with { SlotSizeBytes = 0 });
        _bench.Now = _bench.Expiry.Plus(1);

        AssertRefused("NothingToWithdraw", Withdraw(id));
    }

    private ContractReply Withdraw(RequestId id) => _bench.Contract.WithdrawFunds(_bench.At, SomeRequests.Client, id);
}
