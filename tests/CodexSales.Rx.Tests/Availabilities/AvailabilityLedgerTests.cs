using System.Reactive;
using System.Reactive.Linq;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Storing;
using CodexSales.Rx.Testing;

namespace CodexSales.Rx.Tests.Availabilities;

public sealed class AvailabilityLedgerTests
{
    private static readonly Availability Wide = new()
    {
        Id = new AvailabilityId("wide"),
        TotalBytes = 100,
        MaxDurationSeconds = 100,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 100,
    };

    [Fact]
    public void Random_programs_keep_the_books_as_a_plain_model_does()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            using var program = new LedgerProgram(seed);
            program.Run(steps: 60);
        }
    }

    [Fact]
    public void The_best_fit_is_the_availability_with_the_least_space_left()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        ledger.Save(Wide with { Id = new AvailabilityId("tight"), TotalBytes = 5 });
        ledger.Save(Wide with { Id = new AvailabilityId("small"), TotalBytes = 2 });

        Assert.Equal("tight", ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!.AvailabilityId.ToString());
    }

    [Fact]
    public void A_hold_is_released_once()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;

        ledger.Release(hold);

        Assert.Throws<InvalidOperationException>(() => ledger.Release(hold));
    }

    [Fact]
    public void An_availability_that_drains_sells_nothing_more_and_is_gone_with_its_last_sale()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;

        Assert.IsType<LedgerChanged>(ledger.Drain(Wide.Id));

        Assert.True(Assert.Single(ledger.Current).IsDraining);
        Assert.Null(ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 1, out var refusal));
        Assert.Equal(RefusalReason.Disabled, refusal);
        Close(ledger, hold, earned: 7);
        Assert.Empty(ledger.Current);
        Assert.Equal((1, (UInt256)7), (ledger.InAll.Paid, ledger.InAll.Earned));
    }

    [Fact]
    public void To_save_an_availability_again_calls_its_draining_off()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;
        ledger.Drain(Wide.Id);

        ledger.Save(Wide);

        Close(ledger, hold, earned: 0);
        Assert.Equal((Wide, false), (ledger.Current[0].Availability, ledger.Current[0].IsDraining));
    }

    [Fact]
    public void What_has_no_sales_is_drained_at_once()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);

        ledger.Drain(Wide.Id);

        Assert.Empty(ledger.Current);
    }

    [Fact]
    public void What_was_earned_is_still_told_when_an_availability_is_gone_and_when_it_comes_back()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        Close(ledger, ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!, earned: 7);

        ledger.Remove(Wide.Id);
        Assert.Equal((UInt256)7, ledger.InAll.Earned);
        ledger.Save(Wide);

        Assert.Equal((UInt256)7, ledger.Current[0].Past.Earned);
        Assert.Equal((UInt256)7, ledger.InAll.Earned);
    }

    [Fact]
    public void A_filled_slot_is_expected_to_pay_until_it_ends()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        ledger.Save(Wide);
        var hold = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), 0, out _)!;

        ledger.Fill(hold, expectedReward: 9);
        Assert.Equal(((UInt256)9, 3UL, 0UL), (ledger.InAll.ExpectedReward, ledger.Current[0].UsedBytes, ledger.Current[0].HeldBytes));

        Close(ledger, hold, earned: 8, lost: 2);
        Assert.Equal((UInt256.Zero, (UInt256)8, (UInt256)2), (ledger.InAll.ExpectedReward, ledger.InAll.Earned, ledger.InAll.Slashed));
    }

    public static TheoryData<LedgerRefusal, string, Func<AvailabilityLedger, LedgerAnswer>> Impossible => new()
    {
        {
            LedgerRefusal.BelowWhatIsHeld, "Availability 'wide' can't shrink to 2 bytes: its sales hold 3.",
            ledger => ledger.Save(Wide with { TotalBytes = 2 })
        },
        {
            LedgerRefusal.BelowWhatIsHeld, "Availability 'wide' can't go down to a collateral of 0: its sales hold 1.",
            ledger => ledger.Save(Wide with { TotalCollateral = 0 })
        },
        {
            LedgerRefusal.EndsBeforeItsSales, "Availability 'wide' can't end at 2000: the last of its sales ends at 2001.",
            ledger => ledger.Save(Wide with { Until = new UnixSeconds(2_000) })
        },
        {
            LedgerRefusal.EndsInThePast, "Availability 'late' would be over already: it ends at 999, and it is 1000 on the chain.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("late"), Until = new UnixSeconds(999) })
        },
        {
            LedgerRefusal.EndsInThePast, "Availability 'idle' would be over already: it ends at 999, and it is 1000 on the chain.",
            ledger => ledger.Save(Wide with { Id = new AvailabilityId("idle"), Until = new UnixSeconds(999) })
        },
        { LedgerRefusal.NoName, "An availability needs a name.", ledger => ledger.Save(Wide with { Id = default }) },
        { LedgerRefusal.InUse, "Availability 'wide' can't be removed: 1 sales use it.", ledger => ledger.Remove(Wide.Id) },
        { LedgerRefusal.Unknown, "There is no availability 'none'.", ledger => ledger.Remove(new AvailabilityId("none")) },
        { LedgerRefusal.Unknown, "There is no availability 'none'.", ledger => ledger.Drain(new AvailabilityId("none")) },
        { LedgerRefusal.Unknown, "There is no availability ''.", ledger => ledger.Drain(default) },
    };

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void An_edit_that_can_not_be_is_refused_with_its_reason_and_a_sentence_and_changes_nothing(
        LedgerRefusal reason, string sentence, Func<AvailabilityLedger, LedgerAnswer> edit)
    {
        var remembered = new List<StoreChange>();
        using var ledger = new AvailabilityLedger(
            new VirtualTime(),
            error => throw error,
            change =>
            {
                remembered.Add(change);
                return Observable.Return(Unit.Default);
            },
            () => new UnixSeconds(1_000));
        ledger.Save(Wide);
        ledger.Save(Wide with { Id = new AvailabilityId("idle") });
        ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 2_001), 0, out _);
        var (before, count) = (ledger.Current, remembered.Count);

        Assert.Equal(new LedgerRefused(reason, sentence), edit(ledger));

        Assert.Equal(before, ledger.Current);
        Assert.Equal(count, remembered.Count);
    }

    [Fact]
    public void An_availability_that_is_over_can_still_be_changed_in_everything_else()
    {
        var now = new UnixSeconds(1_000);
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error, chainTime: () => now);
        var offer = Wide with { Until = now };
        ledger.Save(offer);
        now = now.Plus(1);

        Assert.IsType<LedgerChanged>(ledger.Save(offer with { Enabled = false }));
        Assert.IsType<LedgerChanged>(ledger.Save(offer with { Until = now }));
    }

    [Fact]
    public void The_largest_sizes_there_are_can_be_offered_sold_and_summed_up()
    {
        using var ledger = new AvailabilityLedger(new VirtualTime(), error => throw error);
        var offer = Wide with { TotalBytes = ulong.MaxValue, MaxDurationSeconds = ulong.MaxValue, TotalCollateral = UInt256.MaxValue };
        ledger.Save(offer);
        ledger.Save(offer with { Id = new AvailabilityId("second") });
        var terms = SmallTerms.Of(1, 1, 1, 1, 1);
        terms = terms with { Ask = terms.Ask with { SlotSizeBytes = ulong.MaxValue } };

        Assert.NotNull(ledger.Reserve(terms, 0, out _));
        Assert.NotNull(ledger.Reserve(terms, 1, out _));

        Assert.Null(ledger.Reserve(SmallTerms.Of(1, 1, 1, 1, 1), 2, out var refusal));
        Assert.Equal(RefusalReason.TooLarge, refusal);
        Assert.Equal(2 * (UInt128)ulong.MaxValue, ledger.InAll.HeldBytes);
    }

    private static void Close(AvailabilityLedger ledger, Hold hold, UInt256 earned, UInt256 lost = default) =>
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
                new SaleEnd(SaleReason.Paid, "Paid.", earned, lost)),
            hold);
}
