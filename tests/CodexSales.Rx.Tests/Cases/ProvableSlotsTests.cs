namespace CodexSales.Rx.Tests.Cases;

/// <summary>No more slots are hosted than can be proved: what the prover can do is measured, never supposed.</summary>
public sealed class ProvableSlotsTests
{
    private static readonly SalesPipelineOptions ManyWorkers = new() { Workers = 20, MaxWorkers = 20 };

    [Theory]
    [InlineData(20)]
    [InlineData(45)]
    public void A_prover_that_makes_one_proof_after_the_other_is_given_no_more_slots_than_it_can_prove(int seconds)
    {
        using var sales = new SalesFixture();
        var (time, last) = (sales.Time, Task.CompletedTask);
        sales.Prover.OnProve = async (_, cancellation) =>
        {
            var (before, turn) = (last, new TaskCompletionSource());
            last = turn.Task;
            await before;
            try
            {
                return await ProofAfter(time, TimeSpan.FromSeconds(seconds), cancellation);
            }
            finally
            {
                turn.SetResult();
            }
        };

        RequestMany(sales.Run());
        sales.Advance(TimeSpan.FromHours(10));

        Assert.True(sales.Pipeline.Health.Hosted > 0);
        Assert.Equal(0, sales.Pipeline.Health.MissedProofs);
        Assert.DoesNotContain(sales.Ends, ended => ended.End!.Reason == SaleReason.ForcedOut);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Restarts_make_no_host_take_more_slots_than_it_can_prove(int restarts)
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time);
        using var sales = new SalesFixture(store: store, time: time);
        ProveIn(sales, seconds: 70);
        RequestMany(sales.Run());
        sales.Advance(TimeSpan.FromHours(3));

        for (var restart = 0; restart < restarts; restart++)
        {
            sales.RestartFromStore();
            sales.Advance(TimeSpan.FromMinutes(30));
        }

        sales.Advance(TimeSpan.FromHours(3));

        Assert.InRange(sales.Pipeline.Health.Hosted, 1, 8);
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
    }

    [Fact]
    public void Of_many_sales_that_begin_before_anything_is_known_no_more_fill_a_slot_than_can_be_proved()
    {
        using var sales = new SalesFixture(ManyWorkers);
        ProveIn(sales, seconds: 70);

        RequestMany(sales.Run());
        sales.Advance(TimeSpan.FromHours(6));

        Assert.Equal(8, sales.Pipeline.Health.Hosted);
        Assert.All(sales.Ends, ended => Assert.Equal(SaleReason.ProofsTakeTooLong, ended.End!.Reason));
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
    }

    private static void RequestMany(SalesFixture sales)
    {
        for (var price = 2UL; price < 32; price++)
        {
            sales.Chain.RequestStorage(SalesFixture.Ask(price) with { ProofProbability = 1 }, 43_200);
        }
    }

    private static void ProveIn(SalesFixture sales, int seconds)
    {
        var time = sales.Time;
        sales.Prover.OnProve = (_, cancellation) => ProofAfter(time, TimeSpan.FromSeconds(seconds), cancellation);
    }

    private static async Task<Groth16Proof> ProofAfter(VirtualTime time, TimeSpan wait, CancellationToken cancellation)
    {
        var made = new TaskCompletionSource();
        using var timer = time.Schedule(wait, made.SetResult);
        await using var given = cancellation.Register(() => made.TrySetCanceled(cancellation));
        await made.Task;
        return ScriptedProver.Proof;
    }
}
