using System.Reactive.Concurrency;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
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
}
