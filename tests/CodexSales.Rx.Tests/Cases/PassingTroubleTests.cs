using CodexSales.Rx.Tests.Selling;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>What went wrong once costs no slot.</summary>
public sealed class PassingTroubleTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)] // Then the last reservation that the slot may have is ours.
    public void A_slot_that_this_host_has_reserved_is_tried_again_after_a_download_that_failed(int others)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }).Run();
        sales.BuyNoMore();
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(2), 20_000), 0);
        for (var host = 1; host <= others; host++)
        {
            var address = Address.Parse($"0x{host.ToString(CultureInfo.InvariantCulture).PadLeft(40, '4')}");
            _ = sales.Chain.ConnectHost(address).ReserveSlotAsync(slot, default);
        }

        sales.Advance(TimeSpan.FromSeconds(24));
        var downloads = 0;
        sales.Storage.OnStore = download => ++downloads == 1
            ? Observable.Throw<ulong>(new IOException("The disk is full."))
            : Observable.Return(download.Request.Ask.SlotSizeBytes);
        sales.Save(SalesFixture.Offer());
        sales.Advance(TimeSpan.FromHours(2));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
    }

    [Theory]
    [InlineData("ReserveSlotAsync")]
    [InlineData("FillSlotAsync")]
    public void A_refusal_that_nobody_understands_costs_no_slot(string called)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }).Run();
        var refused = 0;
        sales.Fault = call => call.Name == called && refused++ == 0 ? MarketFault.Refused : MarketFault.None;

        var slot = new SlotKey(sales.Request(SalesFixture.Ask(2), 14_000), 0);
        sales.Advance(TimeSpan.FromHours(3));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
        Assert.InRange(refused, 2, 3);
    }

    [Fact]
    public void While_the_host_app_holds_sales_back_nothing_begins_and_health_says_why()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 }).Run();
        sales.Pipeline.Workers.Hold("the disk is nearly full");
        var slot = new SlotKey(sales.Request(SalesFixture.Ask(2), 14_000), 0);
        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Empty(sales.Started);
        Assert.Equal(IdleReason.Held, sales.Pipeline.Workers.Snapshot.Idle);
        Assert.Contains("the disk is nearly full", sales.Pipeline.Health.ToString(), StringComparison.Ordinal);

        sales.Pipeline.Workers.Pause();
        sales.Pipeline.Workers.Hold(null);
        sales.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(sales.Started);
        sales.Pipeline.Workers.Resume();
        sales.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(slot));
    }

    // How fast blocks come is not known at a restart, and with it whether another challenge may decide about the period.
    [Fact]
    public void Restarts_at_the_beginning_of_periods_miss_no_proof_where_blocks_come_fast()
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time);
        using var sales = new SalesFixture(
            store: store, time: time, chain: new SimulatedChainOptions { BlockSeconds = 0.5, MaxSlashes = 100, SlashPercent = 1 });
        sales.Run().Request(SalesFixture.Ask(2, slots: 6, durationSeconds: 40_000) with { ProofProbability = 3 }, 3_000);
        sales.Advance(TimeSpan.FromMinutes(30));

        for (var restart = 0; restart < 60; restart++)
        {
            while (time.ChainTime.Value % 120 != 1)
            {
                sales.Advance(TimeSpan.FromSeconds(1));
            }

            sales.RestartFromStore();
            sales.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal((6, 0), (sales.Pipeline.Health.Hosted, sales.Pipeline.Health.MissedProofs));
    }
}
