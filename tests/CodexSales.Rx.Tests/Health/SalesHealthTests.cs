namespace CodexSales.Rx.Tests.Health;

/// <summary>What is wrong, why nothing new is begun, and what the operator can do.</summary>
public sealed class SalesHealthTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    [Fact]
    public void A_pipeline_with_nothing_to_sell_says_that_no_slot_is_open()
    {
        using var sales = new SalesFixture().Run();
        sales.Advance(TimeSpan.FromMinutes(1));

        var health = sales.Pipeline.Health;

        Assert.Equal(
            $"Waiting: no slot is open on the market. Queued: 0, hosted: 0; the newest block, {health.Head!.Value.Number}, is 0 s old.",
            health.ToString());
        Assert.Empty(health.FailingPorts);
    }

    [Fact]
    public void Slots_that_pay_too_little_are_counted_with_their_reason()
    {
        using var sales = new SalesFixture().Run(SalesFixture.Offer(price: 5));
        sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("none of 3 open slots is taken by an availability (refused so far: 1 price", $"{sales.Pipeline.Health}");
    }

    [Fact]
    public void A_chain_that_stands_still_is_told_after_two_minutes()
    {
        using var sales = new SalesFixture().Run();
        sales.Advance(TimeSpan.FromMinutes(1));
        sales.Chain.Halt(TimeSpan.FromMinutes(10));

        sales.Advance(TimeSpan.FromMinutes(2));
        Assert.DoesNotContain("No new block", $"{sales.Pipeline.Health}");
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.StartsWith("No new block comes: is the node in sync, and can it be reached? ", $"{sales.Pipeline.Health}");

        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.DoesNotContain("No new block", $"{sales.Pipeline.Health}");
    }

    [Fact]
    public void Missed_proofs_are_told_with_what_costs_them_and_nothing_new_is_begun()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((1, 0), (sales.Pipeline.Health.Hosted, sales.Pipeline.Health.MissedProofs));

        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("The graphics card is busy.");
        while (sales.Pipeline.Health.MissedProofs == 0)
        {
            sales.Advance(TimeSpan.FromMinutes(1));
        }

        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));
        var health = sales.Pipeline.Health;

        Assert.Equal((IdleReason.ProofsAreMissed, 1), (health.Workers.Idle, health.Queued));
        Assert.Equal(
            (HostPort.Prover, "The graphics card is busy."),
            (Assert.Single(health.FailingPorts).Port, health.FailingPorts[0].LastError));
        Assert.StartsWith($"{health.MissedProofs} proofs of hosted slots were missed, which costs collateral", $"{health}");
        Assert.Contains("Proving failed", $"{health}");
        Assert.Contains("nothing new is begun until three periods went without that", $"{health}");
    }

    [Fact]
    public void A_port_that_fails_again_and_again_is_told_by_name_until_it_works()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var store = sales.Storage.OnStore;
        sales.Storage.OnStore = _ => throw new IOException("No space is left.");
        sales.Request(SalesFixture.Ask(price: 2, slots: 5));
        sales.Advance(TimeSpan.FromMinutes(2));
        var health = sales.Pipeline.Health;

        Assert.Equal(IdleReason.PortsFail, health.Workers.Idle);
        Assert.Equal((HostPort.Storage, 3), (health.FailingPorts[0].Port, health.FailingPorts[0].Failures));
        Assert.StartsWith("Storage failed 3 times since ", $"{health}");

        sales.Storage.OnStore = store;
        sales.Advance(TimeSpan.FromMinutes(20));
        Assert.Empty(sales.Pipeline.Health.FailingPorts);
        Assert.Contains(sales.Steps, step => step.State is SaleStateName.SaleProving);
    }

    // It never says so itself: each proof is given up when its period is over.
    [Fact]
    public void A_prover_that_hangs_is_told_and_nothing_new_is_begun()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(10));
        sales.Prover.OnProve = (_, _) => new TaskCompletionSource<Groth16Proof>().Task;

        sales.Advance(TimeSpan.FromMinutes(10));

        var prover = Assert.Single(sales.Pipeline.Health.FailingPorts);
        Assert.Equal(HostPort.Prover, prover.Port);
        Assert.InRange(prover.Failures, 3, 20);
        Assert.StartsWith("A proof was given up after ", prover.LastError, StringComparison.Ordinal);
        Assert.Contains(sales.Troubles, trouble => trouble.Error.Message == prover.LastError);
    }

    [Fact]
    public void A_prover_that_is_hardly_quick_enough_is_told()
    {
        using var sales = new SalesFixture(OneWorker).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Prover.OnProve = (_, cancellation) => Observable.Timer(TimeSpan.FromSeconds(80), sales.Time)
            .Select(_ => ScriptedProver.Proof)
            .ToTask(cancellation);

        sales.Advance(TimeSpan.FromMinutes(30));

        var health = sales.Pipeline.Health;
        Assert.Equal((TimeSpan.FromSeconds(80), TimeSpan.FromSeconds(96)), (health.SlowestProof, health.TimeToProve));
        Assert.StartsWith("A proof took 80 s of the 96 s that a period leaves for one: is the prover fast enough? ", $"{health}");
        Assert.Contains(sales.Troubles, trouble => trouble.Error.Message.StartsWith("A proof took 80 s", StringComparison.Ordinal));
        Assert.Empty(health.FailingPorts);
    }

    // Its sale ends, or another process goes on with it: neither is another miss.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_proof_that_was_missed_long_ago_keeps_nothing_new_from_beginning(bool isRestarted)
    {
        using var sales = new SalesFixture(OneWorker, store: new MemorySalesStore()).Run();
        sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(10));
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("The graphics card is busy.");
        while (sales.Pipeline.Health.MissedProofs == 0)
        {
            sales.Advance(TimeSpan.FromSeconds(10));
        }

        sales.Prover.OnProve = (_, _) => Task.FromResult(ScriptedProver.Proof);
        sales.Advance(TimeSpan.FromMinutes(30));
        if (isRestarted)
        {
            sales.RestartFromStore();
        }
        else
        {
            while (!sales.Ends.Any())
            {
                sales.Advance(TimeSpan.FromSeconds(10));
            }
        }

        sales.Advance(TimeSpan.FromSeconds(24));

        Assert.NotEqual(IdleReason.ProofsAreMissed, sales.Pipeline.Health.Workers.Idle);
    }
}
