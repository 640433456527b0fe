using System.Reactive;

namespace CodexSales.Rx.Tests.Availabilities;

/// <summary>What sales hold of what is for sale, and what past ones have brought.</summary>
public sealed class LedgerBooksTests
{
    private static readonly Availability Wide = AvailabilityLedgerTests.Wide;

    [Fact]
    public void What_sales_hold_is_told_in_the_order_in_which_they_took_it()
    {
        var time = new VirtualTime();
        var ledger = new AvailabilityLedger(time, error => throw error);
        ledger.Save(Wide);
        ledger.Save(Wide with { Id = new AvailabilityId("tight"), TotalBytes = 5 });
        var first = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;
        var second = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 1, out _)!;
        var third = ledger.Reserve(SmallTerms.Of(1, 1, 1, 1, 1), 2, out _)!;
        second = ledger.RecordWritten(second, 2);

        Assert.Equal([first, second, third], time.Run(() => ledger.ReadHoldsAsync()));
        ledger.Release(first);
        Assert.Equal([second, third], time.Run(() => ledger.ReadHoldsAsync()));
    }

    [Fact]
    public void The_best_fit_is_the_availability_with_the_least_space_left()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        ledger.Save(Wide with { Id = new AvailabilityId("tight"), TotalBytes = 5 });
        ledger.Save(Wide with { Id = new AvailabilityId("small"), TotalBytes = 2 });

        Assert.Equal("tight", ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!.AvailabilityId.ToString());
    }

    [Fact]
    public void A_hold_is_released_once()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;

        ledger.Release(hold);

        Assert.Throws<InvalidOperationException>(() => ledger.Release(hold));
    }

    [Fact]
    public void An_availability_that_drains_sells_nothing_more_and_is_gone_with_its_last_sale()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;

        Assert.IsType<LedgerChanged>(ledger.Drain(Wide.Id));

        Assert.True(Assert.Single(ledger.Snapshot).IsDraining);
        Assert.Null(ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 1, out var refusal));
        Assert.Equal(RefusalReason.Disabled, refusal);
        Close(ledger, hold, earned: 7);
        Assert.Empty(ledger.Snapshot);
        Assert.Equal((1, (UInt256)7), (ledger.Totals.Paid, ledger.Totals.Earned));
    }

    [Fact]
    public void To_save_an_availability_again_calls_its_draining_off()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;
        ledger.Drain(Wide.Id);

        ledger.Save(Wide);

        Close(ledger, hold, earned: 0);
        Assert.Equal((Wide, false), (ledger.Snapshot[0].Availability, ledger.Snapshot[0].IsDraining));
    }

    [Fact]
    public void What_has_no_sales_is_drained_at_once()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);

        ledger.Drain(Wide.Id);

        Assert.Empty(ledger.Snapshot);
    }

    [Fact]
    public void What_was_earned_is_still_told_when_an_availability_is_gone_and_when_it_comes_back()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        Close(ledger, ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!, earned: 7);

        ledger.Remove(Wide.Id);
        Assert.Equal((UInt256)7, ledger.Totals.Earned);
        ledger.Save(Wide);

        Assert.Equal((UInt256)7, ledger.Snapshot[0].Past.Earned);
        Assert.Equal((UInt256)7, ledger.Totals.Earned);
    }

    [Fact]
    public void A_filled_slot_is_expected_to_pay_until_it_ends()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;

        ledger.Fill(hold, expectedReward: 9);
        Assert.Equal(((UInt256)9, 3UL, 0UL), (ledger.Totals.ExpectedReward, ledger.Snapshot[0].UsedBytes, ledger.Snapshot[0].HeldBytes));

        Close(ledger, hold, earned: 8, lost: 2);
        Assert.Equal((UInt256.Zero, (UInt256)8, (UInt256)2), (ledger.Totals.ExpectedReward, ledger.Totals.Earned, ledger.Totals.Slashed));
    }

    [Fact]
    public void What_was_lost_is_not_there_for_new_sales_until_the_operator_adds_it_again()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var (first, second) = (Reserve(60), Reserve(40));

        Close(ledger, first!, earned: 0, lost: 60, SaleReason.ForcedOut);
        Assert.Equal(((UInt256)60, UInt256.Zero), Collateral());
        Assert.Null(Reserve(1));
        Close(ledger, second!, earned: 8, lost: 5);
        Assert.Equal(((UInt256)65, (UInt256)35), Collateral());
        Assert.Null(Reserve(36));

        ledger.Save(Wide with { TotalCollateral = 50 });
        Assert.Equal(((UInt256)65, UInt256.Zero), Collateral());
        ledger.Remove(Wide.Id);
        ledger.Save(Wide with { TotalCollateral = 165 });
        Assert.Equal(((UInt256)65, (UInt256)100), Collateral());
        Assert.NotNull(Reserve(100));
        BooksContract.AssertBalanced(ledger.Snapshot);

        Hold? Reserve(ulong collateral) => ledger.Reserve(SmallTerms.Of(1, 1, 1, collateral, 1), 0, out _);

        (UInt256 Lost, UInt256 Free) Collateral() => (ledger.Snapshot[0].LostCollateral, ledger.Snapshot[0].FreeCollateral);
    }

    [Fact]
    public void A_slot_that_is_ours_on_chain_finds_room_although_as_much_was_lost()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Restore(StoredSales.Empty with
        {
            Availabilities = [new StoredAvailability(Wide)],
            Totals = [new SoldTotals(Wide.Id, 0, UInt256.Zero, 10, 50)],
        });
        Assert.Equal(((UInt256)60, (UInt256)40), (ledger.Snapshot[0].LostCollateral, ledger.Snapshot[0].FreeCollateral));

        Assert.NotNull(ledger.ReserveRecovered(SmallTerms.Of(1, 1, 1, 100, 1), 0));

        Assert.Equal(UInt256.Zero, ledger.Snapshot[0].FreeCollateral);
        BooksContract.AssertBalanced(ledger.Snapshot);
    }

    [Fact]
    public void What_drained_and_had_no_sales_left_when_the_process_ended_is_removed_and_that_is_written()
    {
        var time = new VirtualTime();
        var written = new List<StoreChange>();
        var ledger = new AvailabilityLedger(time, error => throw error, change =>
        {
            written.Add(change);
            return Observable.Return(Unit.Default);
        });
        var (drained, selling) = (Wide with { IsDisabled = true }, Wide with { Id = new AvailabilityId("selling") });

        ledger.Restore(StoredSales.Empty with
        {
            Availabilities = [new StoredAvailability(drained, IsDraining: true), new StoredAvailability(selling)],
        });
        time.RunDue();

        Assert.Equal([selling], ledger.Snapshot.Select(balance => balance.Availability));
        Assert.Equal([new AvailabilityRemoved(Wide.Id)], written);
    }

    [Fact]
    public void The_largest_sizes_there_are_can_be_offered_sold_and_summed_up()
    {
        var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        var offer = Wide with { TotalBytes = ulong.MaxValue, MaxDurationSeconds = ulong.MaxValue, TotalCollateral = UInt256.MaxValue };
        ledger.Save(offer);
        ledger.Save(offer with { Id = new AvailabilityId("second") });
        var terms = SmallTerms.Of(1, 1, 1, 1, 1);
        terms = terms with { Ask = terms.Ask with { SlotSizeBytes = ulong.MaxValue } };

        Assert.NotNull(ledger.Reserve(terms, 0, out _));
        Assert.NotNull(ledger.Reserve(terms, 1, out _));

        Assert.Null(ledger.Reserve(SmallTerms.Of(1, 1, 1, 1, 1), 2, out var refusal));
        Assert.Equal(RefusalReason.TooLarge, refusal);
        Assert.Equal(2 * (UInt128)ulong.MaxValue, ledger.Totals.HeldBytes);
    }

    private static void Close(
        AvailabilityLedger ledger, Hold hold, UInt256 earned, UInt256 lost = default, SaleReason reason = SaleReason.Paid) =>
        ledger.Close(
            new PastSale(
                new SaleRecord
                {
                    Number = 1,
                    Terms = SmallTerms.Of(3, 1, 1, 1, 1),
                    SlotIndex = 0,
                    State = SaleStateName.SaleFinished,
                    StartedAt = default,
                    At = default,
                    HeldIn = hold.AvailabilityId,
                },
                new SaleEnd(reason, "Because.", earned, lost)),
            hold);
}
