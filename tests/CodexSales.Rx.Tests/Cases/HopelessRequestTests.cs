namespace CodexSales.Rx.Tests.Cases;

/// <summary>
/// A request of very many slots that pays best, and of which no sale comes to anything: workers turn to others soon.
/// </summary>
public sealed class HopelessRequestTests
{
    private RequestId _hopeless;

    [Fact]
    public void One_whose_data_nobody_serves_shuts_out_no_other() =>
        AssertOthersAreSold(download => Observable.Throw<ulong>(new IOException("No such dataset.")));

    [Fact]
    public void One_whose_data_never_comes_shuts_out_no_other() => AssertOthersAreSold(download => Observable.Never<ulong>());

    [Fact]
    public void One_whose_data_can_not_be_proved_shuts_out_no_other() =>
        AssertOthersAreSold(download => Observable.Return(download.Request.Ask.SlotSizeBytes));

    [Theory]
    [InlineData(100)]
    [InlineData(1UL << 40)]
    public void One_that_can_not_be_paid_for_does_not_keep_workers_busy(ulong slots)
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 3 },
            chain: new SimulatedChainOptions { HostFunds = UInt256.Parse("4000000000") },
            market: new SimulatedMarketOptions { CallLatency = TimeSpan.FromSeconds(0.5) });
        sales.Run().Advance(TimeSpan.FromSeconds(30));

        sales.Request(SalesFixture.Ask(10, slots: slots) with { CollateralPerByte = 100 }, 43_200);
        var good = sales.Request(SalesFixture.Ask(2), 43_200);
        sales.Advance(TimeSpan.FromMinutes(20));

        Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(new SlotKey(good, 0)));
        Assert.InRange(sales.Started.Count(), 4, 20);
    }

    [Fact]
    public void One_that_expires_too_soon_is_not_tried_slot_by_slot()
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 3 }, market: new SimulatedMarketOptions { CallLatency = TimeSpan.FromSeconds(0.2) });
        sales.Run();
        sales.Pipeline.Workers.Pause();
        sales.Request(SalesFixture.Ask(10, slots: 100_000), 700);
        sales.Request(SalesFixture.Ask(2), 43_200);
        sales.Advance(TimeSpan.FromSeconds(550));

        sales.Pipeline.Workers.Resume();
        sales.Advance(TimeSpan.FromSeconds(120));

        Assert.InRange(sales.Started.Count(), 4, 10);
    }

    [Fact]
    public void A_request_of_which_a_slot_was_sold_has_failed_no_sale_in_a_row()
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1 });
        var downloads = 0;
        sales.Storage.OnStore = download => ++downloads % 3 == 0
            ? Observable.Return(download.Request.Ask.SlotSizeBytes)
            : Observable.Throw<ulong>(new IOException("The client was gone."));

        sales.Run().Request(SalesFixture.Ask(2, slots: 3), 43_200);
        sales.Advance(TimeSpan.FromHours(2));

        Assert.Equal(3, sales.Pipeline.Health.Hosted);
    }

    private void AssertOthersAreSold(Func<SlotDownload, IObservable<ulong>> hopeless)
    {
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 3 });
        sales.Storage.OnStore = download => download.Slot.RequestId == _hopeless
            ? hopeless(download)
            : Observable.Return(download.Request.Ask.SlotSizeBytes);
        sales.Prover.OnProve = (slot, _) => slot.RequestId == _hopeless
            ? throw new InvalidOperationException("The data is not what it should be.")
            : Task.FromResult(ScriptedProver.Proof);
        sales.Run();

        _hopeless = sales.Request(SalesFixture.Ask(10, slots: 200), 43_200);
        sales.Advance(TimeSpan.FromMinutes(1));
        var good = sales.Request(SalesFixture.Ask(2, slots: 3), 43_200);
        sales.Advance(TimeSpan.FromHours(8));

        for (var slot = 0UL; slot < 3; slot++)
        {
            Assert.Equal(SalesFixture.Us, sales.Chain.GetHost(new SlotKey(good, slot)));
        }

        // Tried again and again all the same, with pauses of up to an hour.
        Assert.InRange(sales.Ends.Count(), 8, 60);
    }
}
