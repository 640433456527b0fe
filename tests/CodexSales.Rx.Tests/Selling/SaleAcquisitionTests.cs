using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Pipeline;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing;
using CodexSales.Rx.Tests.Pipeline;
using State = CodexSales.Rx.Selling.SaleStateName;

namespace CodexSales.Rx.Tests.Selling;

/// <summary>What can go wrong with the work of a sale until the slot is filled.</summary>
public sealed class SaleAcquisitionTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    [Fact]
    public void Data_that_does_not_come_errs_the_sale_at_the_deadline()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.StickIn(State.SaleDownloading).Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromSeconds(12) + OneWorker.Selling.DownloadStallDeadline);

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    [Fact]
    public void Data_that_comes_too_slowly_errs_the_sale_at_the_deadline_of_it_all()
    {
        var selling = new SellingOptions { DownloadDeadline = TimeSpan.FromMinutes(30) };
        using var sales = new SalesFixture(OneWorker with { Selling = selling });
        sales.Storage.OnStore = _ => Observable.Interval(TimeSpan.FromMinutes(1), sales.Time)
            .Select(minute => (ulong)minute);
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(29UL, sales.Balance.UsedBytes + 1);
        sales.Advance(TimeSpan.FromSeconds(12));

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(7, 3)]
    public void Progress_that_repeats_itself_is_no_progress(ulong even, ulong odd)
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => Observable.Interval(TimeSpan.FromMinutes(1), sales.Time)
            .Select(minute => minute % 2 == 0 ? even : odd);
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(12));

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
    }

    [Fact]
    public void What_is_written_moves_from_held_to_used()
    {
        using var gate = new Subject<ulong>();
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => gate;
        sales.Run().Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));

        gate.OnNext(1_000);
        sales.Advance(TimeSpan.Zero);

        Assert.Equal((SalesFixture.GiB - 1_000, 1_000UL), (sales.Balance.HeldBytes, sales.Balance.UsedBytes));
    }

    [Fact]
    public void Storage_that_throws_when_it_is_called_errs_that_sale_only()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnCall = _ => throw new InvalidOperationException("The disk is on fire.");
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(sales.Failure);
        sales.AssertEnd(State.SaleErrored, SaleReason.DownloadFailed);
        sales.RunToTheEnd();
    }

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
        sales.StickIn(State.SaleInitialProving).Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromSeconds(119) + OneWorker.Selling.ProveDeadline);

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    [Fact]
    public void The_first_proof_is_asked_for_at_the_first_start_of_a_period_in_which_the_challenge_stays_the_same()
    {
        using var sales = new SalesFixture().Run();
        var asked = new List<(SlotKey Slot, byte Pointer, DateTimeOffset At)>();
        sales.Obstacles.ProofDemandSeen = (slot, demand) =>
        {
            asked.Add((slot, demand.Pointer, sales.Time.Now));
            return demand;
        };
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("One proof is enough.");

        sales.Request(SalesFixture.Ask(price: 2, slots: 24));
        sales.Advance(TimeSpan.FromMinutes(55));

        var slots = asked.GroupBy(each => each.Slot).ToList();
        Assert.Equal(24, slots.Count);
        Assert.Contains(slots, slot => slot.Count() > 1);
        Assert.All(slots, slot => Assert.InRange(slot.Last().Pointer, 0, 192));
        Assert.All(slots, slot => Assert.All(slot.SkipLast(1), each => Assert.InRange(each.Pointer, 193, 255)));
        Assert.All(asked, each => Assert.Equal(0, each.At.ToUnixTimeSeconds() % 120));
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
        var slot = sales.SellUpToQuestion("GetRequestAsync", out var answer);
        Assert.Equal(1, sales.Chain.Reorganise(1, _ => TransactionFate.Delayed));
        sales.Advance(TimeSpan.FromSeconds(sales.Chain.Options.BlockSeconds));
        Assert.NotNull(sales.Time.Run(() => sales.Others.GetRequestStateAsync(slot.RequestId, default)));
        sales.Obstacles.RequestSeen = _ => null; // The answer is of the moment between the two.
        answer();
        sales.Advance(TimeSpan.FromSeconds(1));
        sales.AssertEnd(State.SaleErrored, SaleReason.RequestUnknown);

        sales.Obstacles.RequestSeen = request => request;
        sales.Advance(OneWorker.Selling.SecondTryPause);

        sales.RunToTheEnd();
        Assert.Equal([SaleReason.RequestUnknown, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
    }

    [Theory]
    [InlineData("ReserveSlotAsync")]
    [InlineData("FillSlotAsync")]
    public void A_transaction_about_a_request_that_is_gone_errs_the_sale_and_its_slot_is_tried_again(string transaction)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Obstacles.Refusal = called => called == transaction ? MarketRefusal.UnknownRequest : null;
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(4));
        sales.AssertEnd(State.SaleErrored, SaleReason.RequestUnknown);

        sales.Obstacles.Refusal = _ => null;

        sales.RunToTheEnd();
        Assert.Equal([SaleReason.RequestUnknown, SaleReason.Paid], sales.Ends.Select(end => end.End!.Reason));
    }

    [Fact]
    public void A_slot_that_is_not_free_when_its_sale_begins_is_ignored()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var slot = sales.SellUpToQuestion("GetSlotStateAsync", out var answer);
        sales.Obstacles.SlotStateSeen = _ => SlotState.Filled;

        answer();

        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.SlotNotFree);
        Assert.Empty(sales.Storage.Cleared);
        Assert.Equal([slot], sales.Started);
    }

    [Fact]
    public void A_slot_that_has_all_its_reservations_is_ignored()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var slot = sales.SellUpToQuestion("CanReserveSlotAsync", out var answer);
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
}
