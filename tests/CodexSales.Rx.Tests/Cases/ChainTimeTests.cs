namespace CodexSales.Rx.Tests.Cases;

/// <summary>The clock of the machine and the time of the chain part ways.</summary>
public sealed class ChainTimeTests
{
    private static readonly StorageAsk ProvedInEachPeriod =
        SalesFixture.Ask(price: 2, durationSeconds: 86_400) with { ProofProbability = 1 };

    // As a rollup does whose sequencer was down.
    [Theory]
    [InlineData(10, 4, 12)]
    [InlineData(10, 4, 2)]
    [InlineData(60, 1, 2)]
    [InlineData(60, 10, 2)]
    [InlineData(180, 10, 12)]
    [InlineData(180, 1, 13)]
    public void A_chain_that_stood_still_costs_no_slot_and_no_proof(int minutes, int speed, double blockSeconds)
    {
        using var sales = new SalesFixture(chain: new SimulatedChainOptions { BlockSeconds = blockSeconds }).Run();
        sales.Request(ProvedInEachPeriod);
        sales.Advance(TimeSpan.FromHours(1.1));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);

        sales.Chain.Halt(TimeSpan.FromMinutes(minutes), speed);
        sales.Advance(TimeSpan.FromMinutes(minutes));
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));

        sales.RunToTheEnd();
        sales.AssertEndPaid();
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
        Assert.Single(sales.Started);
    }

    // It was slow or fast, and is corrected while timers go on; the chain's blocks are as before.
    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    [InlineData(60)]
    [InlineData(-12)]
    [InlineData(-60)]
    public void Proofs_go_on_after_the_clock_of_the_machine_was_set(int minutes)
    {
        var time = new VirtualTime();
        var machine = new ShiftedClock(time);
        using var chain = new SimulatedChain(time);
        var market = chain.ConnectHost(SalesFixture.Us);
        var proofs = 0;
        market.Faults = call =>
        {
            proofs += call.Name == "SubmitProofAsync" ? 1 : 0;
            return MarketFault.None;
        };
        using var pipeline = new SalesPipeline(
            market, new ScriptedStorage(), new ScriptedProver(), new SalesPipelineOptions(), machine);
        using var steps = time.Record(pipeline.Steps);
        _ = pipeline.StartAsync();
        _ = pipeline.Availabilities.SaveAsync(SalesFixture.Offer());
        chain.RequestStorage(ProvedInEachPeriod, 3_600);
        time.AdvanceBy(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(5));
        var before = proofs;

        machine.Shift(TimeSpan.FromMinutes(minutes));
        time.AdvanceBy(TimeSpan.FromHours(1));

        Assert.Equal(30, proofs - before);
        Assert.All(steps.Values, step => Assert.Equal((0, null), (step.Value.MissedProofs, step.Value.End)));
    }

    // The clock had taken it for expired while no block came.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void What_is_open_by_the_time_of_the_chain_is_offered_when_it_goes_on_from_where_it_stood(int speed)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 }).Run();
        sales.Request(SalesFixture.Ask(2), 900);
        sales.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(1, sales.Pipeline.Queue.Count);

        sales.Chain.Halt(TimeSpan.FromMinutes(20), speed);
        sales.Advance(TimeSpan.FromMinutes(19));
        Assert.Equal(0, sales.Pipeline.Queue.Count);
        sales.Advance(TimeSpan.FromSeconds(86));
        Assert.Equal(1, sales.Pipeline.Queue.Count);

        sales.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(0, sales.Pipeline.Queue.Count);
    }

    [Fact]
    public void A_first_proof_is_not_made_again_and_again_while_the_chain_stands_still()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        sales.Prover.OnProve = (_, cancellation) =>
            Observable.Return(ScriptedProver.Proof).Delay(TimeSpan.FromSeconds(5), sales.Time).ToTask(cancellation);
        sales.Run().Request(SalesFixture.Ask(price: 2)); // How long a proof takes is known from it.
        sales.Advance(TimeSpan.FromMinutes(20));
        sales.Storage.OnStore = download =>
            Observable.Timer(TimeSpan.FromMinutes(5), sales.Time).Select(_ => download.Request.Ask.SlotSizeBytes);
        sales.Request(SalesFixture.Ask(price: 2), expirySeconds: 20_000);
        while (sales.Steps[^1].State != State.SaleDownloading || sales.Pipeline.Head.Time.Value % 120 > 12)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        var before = sales.Prover.Calls;
        sales.Chain.Halt(TimeSpan.FromMinutes(40), speed: 4);
        sales.Advance(TimeSpan.FromMinutes(39));

        Assert.InRange(sales.Prover.Calls - before, 0, 2);
        sales.RunToTheEnd();
        Assert.All(sales.Ends, end => Assert.Equal(SaleReason.Paid, end.End!.Reason));
    }
}
