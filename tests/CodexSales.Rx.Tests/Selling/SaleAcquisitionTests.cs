namespace CodexSales.Rx.Tests.Selling;

/// <summary>What can go wrong with the work of a sale until the slot is filled.</summary>
public sealed class SaleAcquisitionTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    [Fact]
    public void A_first_proof_that_can_not_be_made_errs_the_sale()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("No circuit.");
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(5));

        sales.AssertEnd(State.SaleErrored, SaleReason.ProofFailed);
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_first_proof_that_takes_too_long_errs_the_sale()
    {
        using var sales = new SalesFixture(OneWorker).Run();

        sales.StickIn(State.SaleInitialProving)
            .AssertErrsWithin(TimeSpan.FromSeconds(119) + OneWorker.Selling.ProveDeadline);
    }

    [Fact]
    public void While_nobody_knows_how_long_a_proof_takes_it_is_begun_at_the_start_of_a_period_in_which_the_challenge_stays_the_same()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 24 }).Run();
        var asked = new List<(SlotKey Slot, byte Pointer, DateTimeOffset At)>();
        sales.Obstacles.ProofDemandSeen = (slot, demand) =>
        {
            if (sales.Steps.Last(step => step.Sale.Slot == slot).State is State.SaleInitialProving)
            {
                asked.Add((slot, demand.Pointer, sales.Time.Now));
            }

            return demand;
        };
        sales.Request(SalesFixture.Ask(price: 2, slots: 24));
        sales.Advance(TimeSpan.FromMinutes(55));

        var slots = asked.GroupBy(each => each.Slot, (_, all) => all.Skip(1).ToList()).ToList(); // The first one is asked at once.
        Assert.Equal(24, slots.Count);
        Assert.Contains(slots, slot => slot.Count > 1);
        Assert.All(slots, slot => Assert.InRange(slot[^1].Pointer, 0, 192));
        Assert.All(slots, slot => Assert.All(slot.SkipLast(1), each => Assert.InRange(each.Pointer, 193, 255)));
        Assert.All(slots.SelectMany(slot => slot), each => Assert.Equal(0, each.At.ToUnixTimeSeconds() % 120));
    }

    [Theory]
    [InlineData(100, 30, true)]
    [InlineData(100, 102, false)]
    [InlineData(253, 30, true)]
    [InlineData(254, 30, false)]
    public void A_first_proof_is_begun_at_once_where_the_period_and_its_challenge_last_until_it_has_landed(
        byte pointer, int secondsIntoPeriod, bool isBegun)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Prover.OnProve = (_, cancellation) =>
            Observable.Return(ScriptedProver.Proof).Delay(TimeSpan.FromSeconds(10), sales.Time).ToTask(cancellation);
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        var before = sales.Prover.Calls;
        sales.Obstacles.ProofDemandSeen = (_, demand) => demand with { Pointer = pointer, IsRequired = false, WillBeRequired = false };
        while (sales.Time.Now.ToUnixTimeSeconds() % 120 != secondsIntoPeriod - 24)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromSeconds(14));

        Assert.Equal(State.SaleInitialProving, sales.Steps[^1].State);
        Assert.Equal(isBegun, sales.Prover.Calls > before);
    }

    // The challenge of a pointer up to 192 is that of the same block for the 64 blocks of a period at most that follow.
    [Theory]
    [InlineData(192, true)]
    [InlineData(193, false)]
    public void A_challenge_that_the_downtime_can_just_not_reach_is_proved_and_one_block_later_not(byte pointer, bool isProved)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Obstacles.ProofDemandSeen = (_, demand) => demand with { Pointer = pointer };

        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(isProved, sales.Prover.Calls > 0);
        Assert.Equal(isProved, sales.Calls.Any(call => call.Name == "FillSlotAsync"));
    }

    [Fact]
    public void A_request_that_a_node_does_not_know_yet_errs_the_sale_and_is_tried_again_after_a_pause()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Obstacles.RequestSeen = _ => null;
        sales.Request(SalesFixture.Ask(price: 2));
        sales.AssertEnd(State.SaleErrored, SaleReason.RequestUnknown);

        sales.Obstacles.RequestSeen = request => request;
        sales.Advance(OneWorker.Selling.SecondTryPause);

        sales.RunToTheEnd();
        Assert.Equal([SaleReason.RequestUnknown, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_slot_whose_request_was_taken_back_and_stands_again_before_its_sale_ends_is_not_lost()
    {
        var options = OneWorker with { Selling = new SellingOptions { AnswerDeadline = TimeSpan.FromMinutes(1) } };
        using var sales = new SalesFixture(options, chain: new SimulatedChainOptions { MaxReorganisation = 1 }).Run();
        var slot = sales.SellUpToQuestion("GetOfferAsync", out var answer);
        Assert.Equal(1, sales.Chain.Reorganise(1, _ => TransactionFate.Delayed));
        sales.Advance(TimeSpan.FromSeconds(sales.Chain.Options.BlockSeconds));
        Assert.Equal(SlotState.Free, sales.Chain.GetSlotState(slot));
        sales.Obstacles.RequestSeen = _ => null; // The answer is of the moment between the two.
        answer();
        sales.Advance(TimeSpan.FromSeconds(1));
        sales.AssertEnd(State.SaleErrored, SaleReason.RequestUnknown);

        sales.Obstacles.RequestSeen = request => request;
        sales.Advance(OneWorker.Selling.SecondTryPause);

        sales.RunToTheEnd();
        Assert.Equal([SaleReason.RequestUnknown, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
    }

    // A refusal is news: what it means, the contract says as of a block.
    [Theory]
    [InlineData("ReserveSlotAsync")]
    [InlineData("FillSlotAsync")]
    public void A_transaction_that_is_refused_for_an_unknown_request_is_sent_again_while_the_request_is_there(string transaction)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Obstacles.Refusal = called => called == transaction ? MarketRefusal.UnknownRequest : null;
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(sales.Ends);

        sales.Obstacles.Refusal = _ => null;

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        Assert.Single(sales.Started);
    }

    [Theory]
    [InlineData("ReserveSlotAsync")]
    [InlineData("FillSlotAsync")]
    public void A_transaction_about_a_request_that_is_gone_errs_the_sale_and_its_slot_is_tried_again(string transaction)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var isGone = false;
        sales.Obstacles.Refusal = called =>
        {
            isGone |= called == transaction;
            return called == transaction ? MarketRefusal.UnknownRequest : null;
        };
        sales.Obstacles.RequestStateSeen = state => isGone ? null : state;
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(4));
        sales.AssertEnd(State.SaleErrored, SaleReason.RequestUnknown);

        (sales.Obstacles.Refusal, sales.Obstacles.RequestStateSeen) = (_ => null, state => state);

        sales.RunToTheEnd();
        Assert.Equal([SaleReason.RequestUnknown, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
    }

    // By a block that is replaced: no event of the blocks that stay tells that it is filled.
    [Fact]
    public void A_slot_that_is_not_free_when_its_sale_begins_is_ignored_and_tried_again_while_no_event_says_so()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var slot = sales.SellUpToQuestion("GetOfferAsync", out var answer);
        sales.Obstacles.SlotStateSeen = _ => SlotState.Filled;
        answer();
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.AssertEnd(State.SaleIgnored, SaleReason.SlotNotFree);
        Assert.Empty(sales.Storage.Stored);

        sales.Obstacles.SlotStateSeen = state => state;
        sales.Advance(OneWorker.Selling.SecondTryPause - TimeSpan.FromMinutes(1.5));
        Assert.Single(sales.Started);

        sales.RunToTheEnd();
        Assert.Equal([slot, slot], sales.Started);
        Assert.Equal([SaleReason.SlotNotFree, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
    }

    [Fact]
    public void A_slot_that_another_host_fills_before_its_sale_begins_is_ignored_and_not_tried_again()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var slot = sales.SellUpToQuestion("GetOfferAsync", out var answer);
        sales.FillElsewhere(slot);
        answer();
        sales.BuyNoMore();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        Assert.Empty(sales.Storage.Cleared);
        Assert.Equal([slot], sales.Started);
    }

    [Fact]
    public void A_slot_that_has_all_its_reservations_is_ignored()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var slot = sales.SellUpToQuestion("GetOfferAsync", out var answer);
        sales.ReserveElsewhere(slot);

        answer();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.ReservationNotAllowed);
        Assert.Empty(sales.Storage.Stored);
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_slot_whose_last_reservation_another_host_wins_is_ignored()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var slot = sales.SellUpToQuestion("ReserveSlotAsync", out var answer);
        sales.ReserveElsewhere(slot);

        answer();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.ReservationNotAllowed);
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_slot_that_expires_too_soon_to_be_filled_is_ignored()
    {
        using var sales = new SalesFixture(OneWorker).Run();

        sales.Request(SalesFixture.Ask(price: 2), expirySeconds: 30);

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.TooLate);
        Assert.DoesNotContain(sales.Calls, call => call.Name == "ReserveSlotAsync");
    }

    [Fact]
    public void A_slot_is_not_filled_so_late_that_the_fill_lands_in_the_second_of_expiry()
    {
        using var sales = new SalesFixture(OneWorker).Run();

        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 2), expirySeconds: 120);
        Assert.Equal(VirtualTime.Start.ToUnixTimeSeconds() + 12 + 120, (long)sales.Steps[0].Sale.Terms.ExpiresAt.Value);
        sales.Advance(TimeSpan.FromSeconds(108));

        Assert.Equal([request, request], sales.Started.Select(slot => slot.RequestId));
        sales.RunToTheEnd();
        Assert.All(sales.Ends, end =>
            Assert.Equal((State.SaleIgnored, SaleReason.TooLate), (end.State, end.End!.Reason)));
        Assert.DoesNotContain(sales.Calls, call => call.Name == "FillSlotAsync");
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_slot_whose_collateral_the_account_lacks_is_not_tried_before_there_are_tokens()
    {
        using var sales = new SalesFixture(OneWorker).Run(
            SalesFixture.Offer() with { TotalCollateral = UInt256.MaxValue });
        var funds = sales.Chain.BalanceOf(SalesFixture.Us);
        sales.Request(SalesFixture.Ask(price: 2) with { CollateralPerByte = (funds + 1) / SalesFixture.GiB + 1 });
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.AssertEnd(State.SaleIgnored, SaleReason.InsufficientFunds);
        Assert.DoesNotContain(sales.Calls, call => call.Name == "ReserveSlotAsync");

        sales.Chain.Fund(SalesFixture.Us, funds);
        sales.Advance(new SellingOptions().SecondTryPause);

        sales.RunToTheEnd();
        Assert.Equal(SaleReason.Paid, sales.Ends.Last().End!.Reason);
    }

    [Fact]
    public void What_is_promised_to_one_slot_is_not_promised_to_another()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 2 }).Run(
            SalesFixture.Offer() with { TotalCollateral = UInt256.MaxValue });
        var each = sales.Chain.BalanceOf(SalesFixture.Us) / SalesFixture.GiB * 2 / 3;

        sales.Request(SalesFixture.Ask(price: 2, slots: 2) with { CollateralPerByte = each });
        sales.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(SaleReason.InsufficientFunds, Assert.Single(sales.Ends).End!.Reason);
        Assert.Single(sales.Calls, call => call.Name == "ReserveSlotAsync");
    }

    [Fact]
    public void A_slot_that_finds_no_space_is_seen_and_tried_again_when_an_availability_widens_and_not_before()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 2 }).Run(SalesFixture.Offer(gib: 1));
        sales.StickIn(State.SaleDownloading).Request(SalesFixture.Ask(price: 2, slots: 2));
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.AssertEnd(State.SaleIgnored, SaleReason.NoAvailability);
        sales.Save(SalesFixture.Offer(gib: 1, price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, sales.Started.Count());

        sales.Save(SalesFixture.Offer(gib: 2, price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(3, sales.Started.Count());
        Assert.Equal(2, sales.Balance.Sales);
        Assert.Equal(2, sales.Busy[^1]);
    }

    [Fact]
    public void A_slot_that_found_no_space_is_sold_whenever_space_comes_while_its_refusal_is_written()
    {
        for (var second = 0; second < 40; second++)
        {
            var time = new VirtualTime();
            using var store = new SimulatedStore(time, writeTime: TimeSpan.FromSeconds(5));
            using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 2 }, store: store, time: time);
            _ = sales.Pipeline.Availabilities.SaveAsync(SalesFixture.Offer(gib: 1));
            sales.Advance(TimeSpan.FromMinutes(1));
            sales.RestartFromStore().StickIn(State.SaleDownloading);
            sales.Advance(TimeSpan.FromMinutes(1));
            sales.Request(SalesFixture.Ask(price: 2, slots: 2));
            sales.Advance(TimeSpan.FromSeconds(second));

            _ = sales.Pipeline.Availabilities.SaveAsync(SalesFixture.Offer(gib: 2));
            sales.Advance(TimeSpan.FromMinutes(4));

            Assert.Equal((2, 2), (sales.Balance.Sales, sales.Busy[^1]));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_request_that_is_told_of_before_its_block_is_sold_at_once(int seconds)
    {
        using var sales = new SalesFixture(OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 5 });
        sales.Obstacles.HeadsSeen = heads => heads.Delay(TimeSpan.FromSeconds(seconds), sales.Time);
        sales.Obstacles.FinalHeadsSeen = finals => finals.Delay(TimeSpan.FromSeconds(seconds), sales.Time);
        sales.Run();
        sales.Advance(TimeSpan.FromMinutes(1));

        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2)), 0);
        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
        Assert.Empty(sales.Ends);
    }
}
