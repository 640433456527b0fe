using System.Reactive.Concurrency;
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
    public void Of_a_thousand_attempts_on_space_for_one_exactly_one_holds_it()
    {
        var time = new VirtualTime();
        using var ledger = new AvailabilityLedger(time, error => throw error);
        ledger.Save(Wide with { TotalBytes = 4 });

        var holds = Enumerable.Range(0, 1_000)
            .Select(index => ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), (ulong)index, out _))
            .ToList();

        Assert.Single(holds, hold => hold is not null);
        Assert.Equal((3UL, 1), (ledger.Current[0].HeldBytes, ledger.Current[0].Sales));
    }

    [Fact]
    public async Task A_thousand_edits_from_many_threads_are_all_made()
    {
        using var core = new EventLoopScheduler();
        using var ledger = new AvailabilityLedger(core, error => throw error);
        var answers = new Task<LedgerAnswer>[1_000];

        Parallel.For(0, answers.Length, i =>
            answers[i] = ledger.SaveAsync(Wide with { Id = new AvailabilityId($"v{i}") }));

        Assert.All(await Task.WhenAll(answers), answer => Assert.IsType<LedgerChanged>(answer));
        Assert.Equal(1_000, ledger.Current.Count);
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

    [Fact]
    public void An_edit_that_can_not_be_is_refused_with_a_sentence_and_changes_nothing()
    {
        using var ledger = new AvailabilityLedger(
            new VirtualTime(), error => throw error, chainTime: () => new UnixSeconds(1_000));
        ledger.Save(Wide);
        var terms = SmallTerms.Of(3, 1, 1, 1, 1);
        ledger.Reserve(terms, 0, out _);
        var before = ledger.Current;

        LedgerAnswer[] answers =
        [
            ledger.Save(Wide with { TotalBytes = 2 }),
            ledger.Save(Wide with { TotalCollateral = 0 }),
            ledger.Save(Wide with { Until = new UnixSeconds(terms.EndsAt.Value - 1) }),
            ledger.Save(Wide with { Id = new AvailabilityId("late"), Until = new UnixSeconds(999) }),
            ledger.Remove(Wide.Id),
            ledger.Remove(new AvailabilityId("none")),
            ledger.Drain(new AvailabilityId("none")),
        ];

        Assert.All(answers, answer => Assert.EndsWith(".", Assert.IsType<LedgerRefused>(answer).Detail, StringComparison.Ordinal));
        Assert.Equal(before, ledger.Current);
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
