namespace CodexSales.Rx.Tests.Cases;

/// <summary>Nodes that are behind, and answers that belong to another block.</summary>
public sealed class LaggingNodeTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    public static TheoryData<int[]> Nodes { get; } =
        [new[] { 1 }, new[] { 2 }, new[] { 0, 1 }, new[] { 0, 2 }, new[] { 0, 0, 0, 2 }];

    [Theory, MemberData(nameof(Nodes))]
    public void A_fill_of_ours_is_hosted_although_the_nodes_are_behind(int[] behind)
    {
        using var sales = Behind(behind).Run();

        sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200));
        sales.Advance(TimeSpan.FromHours(1));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        Assert.Single(sales.Started);
        Assert.Empty(sales.Ends);
    }

    // The audit's answer is as of a block before the slot was given back, and comes after its sale has ended.
    [Fact]
    public void A_slot_whose_sale_ends_while_the_audit_is_answered_has_no_second_sale()
    {
        using var sales = new SalesFixture(OneWorker, chain: new SimulatedChainOptions { MaxBlocksBehind = 10 })
            .Run(SalesFixture.Offer() with { TotalBytes = SalesFixture.GiB });
        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 2, durationSeconds: 7_200, maxSlotLoss: 0));
        sales.Advance(TimeSpan.FromMinutes(4));
        var ours = Assert.Single(sales.Started);
        var theirs = new SlotKey(request, 1 - ours.SlotIndex);
        sales.FillElsewhere(theirs);
        sales.Advance(TimeSpan.FromMinutes(2));
        sales.Advance(TimeSpan.FromSeconds(115 - (sales.Pipeline.ChainTime.Value % 120)));

        var answer = new TaskCompletionSource();
        sales.Obstacles.Before = called => called == "GetMySlotsAsync" ? answer.Task : null;
        sales.Advance(TimeSpan.FromSeconds(10));
        sales.Time.Run(() => sales.Others.FreeSlotAsync(theirs, default));
        sales.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(sales.Ends);
        sales.Obstacles.Before = _ => null;
        answer.SetResult();
        sales.Advance(TimeSpan.FromMinutes(10));

        Assert.DoesNotContain(sales.Steps, step => step.State == State.SaleUnknown);
        Assert.Single(sales.Ends);
    }

    // As of the block before our fill, whatever it was asked about.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_fill_of_ours_is_hosted_although_it_is_denied_a_few_times(int denials)
    {
        using var sales = new SalesFixture(
            OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 10 }).Run();
        sales.Obstacles.ViewSeen = (_, view) => view.Host is null || denials-- <= 0 ? view : view with
        {
            State = SlotState.Free, Host = null, RequestState = RequestState.New,
        };

        var slot = new SlotKey(sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200)), 0);
        sales.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        Assert.Empty(sales.Storage.Cleared);
        sales.RunToTheEnd();
        sales.AssertEndPaid();
    }

    // That another one fills it, is what a block said that was replaced.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_fill_of_ours_is_hosted_although_it_is_said_to_be_another_hosts_a_few_times(int lies)
    {
        using var sales = new SalesFixture(
            OneWorker, chain: new SimulatedChainOptions { MaxReorganisation = 10 }).Run();
        sales.Obstacles.ViewSeen = (_, view) => view.Host is null || lies-- <= 0 ? view : view with
        {
            Host = sales.Others.Host,
        };

        sales.Request(SalesFixture.Ask(price: 2, durationSeconds: 7_200));

        sales.RunToTheEnd();
        sales.AssertEndPaid();
        Assert.Single(sales.Started);
        Assert.Single(sales.Storage.Cleared);
    }

    // Blocks need not fall on the borders of periods, and what they say is of the period that they lie in.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(5, 1)]
    [InlineData(11, 0)]
    [InlineData(11, 2)]
    public void No_proof_is_missed_wherever_blocks_fall_and_however_far_behind_the_node_is(int age, int behind)
    {
        using var sales = Behind([behind], new SimulatedChainOptions
        {
            FirstBlockAge = TimeSpan.FromSeconds(age), MaxBlocksBehind = 2, MaxSlashes = 100, SlashPercent = 1,
        }).Run();

        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 4 });

        sales.RunToTheEnd();
        sales.AssertEndPaid();
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
        Assert.InRange(sales.Calls.Count(call => call.Name == "SubmitProofAsync"), 150, 350);
    }

    private static SalesFixture Behind(int[] behind, SimulatedChainOptions? chain = null) => new(
        OneWorker,
        chain: chain ?? new SimulatedChainOptions { MaxBlocksBehind = 2 },
        market: new SimulatedMarketOptions
        {
            NodesBehind = behind,
            CallLatency = TimeSpan.FromSeconds(0.1),
            TransactionLatency = TimeSpan.FromSeconds(1),
        });
}
