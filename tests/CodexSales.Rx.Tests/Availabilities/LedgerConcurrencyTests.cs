using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Availabilities;

/// <summary>Many want the same bytes, while the provider changes what there is.</summary>
public sealed class LedgerConcurrencyTests
{
    private static readonly Availability Wide = new()
    {
        Id = new AvailabilityId("wide"),
        TotalBytes = 4,
        MaxDurationSeconds = 100,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 100,
    };

    [Fact]
    public void Of_a_thousand_agents_that_want_space_for_one_exactly_one_holds_it()
    {
        const int Sales = 1_000;
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = Sales, QueueCapacity = Sales })
            .Run(SalesFixture.Offer(gib: 1));
        var asking = new List<TaskCompletionSource>();
        sales.Obstacles.Before = call =>
        {
            if (call != "GetOfferAsync")
            {
                return null;
            }

            asking.Add(new TaskCompletionSource());
            return asking[^1].Task;
        };
        sales.Request(SalesFixture.Ask(price: 2, slots: Sales));
        Assert.Equal(Sales, asking.Count);

        sales.Time.Run(() =>
        {
            asking.ForEach(each => each.SetResult());
            return Task.CompletedTask;
        });
        sales.Advance(TimeSpan.Zero);

        Assert.Equal((SalesFixture.GiB, 1), (sales.Balance.HeldBytes, sales.Balance.Sales));
        Assert.Single(sales.Steps, step => step.State == State.SaleSlotReserving);
        Assert.Equal(Sales - 1, sales.Ends.Count(end => end.End!.Reason == SaleReason.NoAvailability));
        Assert.Equal(1, sales.Busy[^1]);
    }

    // What is saved in the midst of a reservation, and whether the slot is held and the edit made.
    [Theory]
    [InlineData(true, 1, 1, true, true)]
    [InlineData(true, 0, 1, false, true)]
    [InlineData(true, 1, 3, false, true)]
    [InlineData(false, 1, 1, true, true)]
    [InlineData(false, 0, 1, true, false)]
    [InlineData(false, 1, 3, true, true)]
    public async Task An_edit_during_a_reservation_loses_neither(
        bool isBefore, ulong gib, ulong price, bool isHeld, bool isChanged)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }).Run(SalesFixture.Offer(gib: 2));
        sales.StickIn(State.SaleSlotReserving);
        sales.SellUpToQuestion("GetOfferAsync", out var answer);
        var edited = SalesFixture.Offer(gib, price) with { TotalBytes = Math.Max(1, gib * SalesFixture.GiB) };
        Task<LedgerAnswer>? edit = null;
        if (isBefore)
        {
            edit = sales.Pipeline.Availabilities.SaveAsync(edited);
        }

        answer();
        sales.Advance(TimeSpan.Zero);
        edit ??= sales.Pipeline.Availabilities.SaveAsync(edited);
        sales.Advance(TimeSpan.Zero);

        Assert.Equal(isChanged, await edit is LedgerChanged);
        Assert.Equal(isChanged ? edited : SalesFixture.Offer(gib: 2), sales.Balance.Availability);
        Assert.Equal(isHeld ? SalesFixture.GiB : 0, sales.Balance.HeldBytes);
        Assert.Equal(!isHeld, sales.Ends.Any(end => end.End!.Reason == SaleReason.NoAvailability));
    }

    [Fact]
    public async Task From_many_threads_one_of_a_thousand_holds_the_space_and_each_edit_is_answered_and_made()
    {
        using var core = new EventLoopScheduler();
        var ledger = new AvailabilityLedger(core, error => throw error);
        await ledger.SaveAsync(Wide);
        var holds = new Hold?[1_000];
        var edits = new Task<LedgerAnswer>[1_000];

        Parallel.For(0, 1_000, i =>
        {
            core.Schedule(() => holds[i] = ledger.Reserve(SmallTerms.Of(3, 1, 1, 1, 1), (ulong)i, out _));
            edits[i] = ledger.SaveAsync(Wide with { TotalBytes = 2 + (ulong)(i % 4), TotalCollateral = (ulong)i + 1 });
        });

        var answers = await Task.WhenAll(edits);
        var balance = Assert.Single(ledger.Snapshot);
        Assert.Single(holds, hold => hold is not null);
        Assert.Equal((3UL, (UInt256)1, 1), (balance.HeldBytes, balance.HeldCollateral, balance.Sales));
        Assert.All(
            answers.OfType<LedgerRefused>(), refused => Assert.Equal(LedgerRefusal.BelowWhatIsHeld, refused.Reason));
        var last = (int)(ulong)balance.Availability.TotalCollateral - 1;
        Assert.IsType<LedgerChanged>(answers[last]);
        Assert.Equal(2 + (ulong)(last % 4), balance.Availability.TotalBytes);
        BooksContract.AssertBalanced([balance]);
    }

    [Fact]
    public async Task A_thousand_edits_from_many_threads_are_all_made()
    {
        using var core = new EventLoopScheduler();
        var ledger = new AvailabilityLedger(core, error => throw error);
        var answers = new Task<LedgerAnswer>[1_000];

        Parallel.For(0, answers.Length, i =>
            answers[i] = ledger.SaveAsync(Wide with { Id = new AvailabilityId($"v{i}") }));

        Assert.All(await Task.WhenAll(answers), answer => Assert.IsType<LedgerChanged>(answer));
        Assert.Equal(1_000, ledger.Snapshot.Count);
    }

    [Fact]
    public async Task Whoever_awaits_an_edit_goes_on_outside_of_the_core_and_may_wait_for_the_next_one()
    {
        using var core = new EventLoopScheduler();
        var ledger = new AvailabilityLedger(core, error => throw error);
        var isAwaited = new TaskCompletionSource(); // The core may come to its wait when this test is over: nothing to dispose of.
        var coreThread = 0;
        core.Schedule(() =>
        {
            coreThread = Environment.CurrentManagedThreadId;
            isAwaited.Task.GetAwaiter().GetResult();
        });

        var next = ledger.SaveAsync(Wide).ContinueWith(
            _ => Environment.CurrentManagedThreadId == coreThread ? null : ledger.RemoveAsync(Wide.Id).GetAwaiter().GetResult(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        isAwaited.SetResult();

        Assert.IsType<LedgerChanged>(await next);
        Assert.Empty(ledger.Snapshot);
    }
}
