namespace CodexSales.Rx.Tests.Selling;

/// <summary>What can go wrong with the data of a slot as it is stored.</summary>
public sealed class SaleDownloadTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Data_is_asked_for_until_the_slot_can_not_be_filled_any_more(bool isRepair)
    {
        using var sales = new SalesFixture(OneWorker).Run();
        var downloads = new List<SlotDownload>();
        sales.Storage.OnCall = downloads.Add;
        if (isRepair)
        {
            sales.RepairUpTo(State.SaleInitialProving);
        }
        else
        {
            sales.Request(SalesFixture.Ask(price: 2));
            sales.Advance(TimeSpan.FromMinutes(5));
        }

        var terms = sales.Steps[^1].Sale.Terms;
        Assert.Equal(
            (isRepair, isRepair ? terms.EndsAt : terms.ExpiresAt), (downloads[^1].IsRepair, downloads[^1].KeepUntil));
    }

    [Fact]
    public void Data_that_does_not_come_errs_the_sale_at_the_deadline()
    {
        using var sales = new SalesFixture(OneWorker).Run();

        sales.StickIn(State.SaleDownloading)
            .AssertErrsWithin(TimeSpan.FromSeconds(12) + OneWorker.Selling.DownloadStallDeadline);
    }

    [Fact]
    public void Data_that_comes_too_slowly_errs_the_sale_at_the_deadline_of_it_all()
    {
        var selling = new SellingOptions { DownloadDeadline = TimeSpan.FromMinutes(30) };
        using var sales = new SalesFixture(OneWorker with { Selling = selling });
        const ulong EachMinute = SalesFixture.GiB / 40;
        sales.Storage.OnStore = _ => Observable.Interval(TimeSpan.FromMinutes(1), sales.Time)
            .Select(minute => (ulong)minute * EachMinute);
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(28 * EachMinute, sales.Balance.UsedBytes);
        sales.Advance(TimeSpan.FromSeconds(12));

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
        sales.RunToTheEnd();
        sales.AssertClearedOnce();
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(45, false)]
    public void Data_that_can_not_be_whole_in_time_at_its_rate_is_given_up(int minutesForAll, bool isGivenUp)
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => Observable.Interval(TimeSpan.FromMinutes(1), sales.Time)
            .Select(minute => ((ulong)minute + 1) * (SalesFixture.GiB / (ulong)minutesForAll))
            .Take(minutesForAll);
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(12));

        Assert.Equal(
            isGivenUp ? [SaleReason.DeadlinePassed] : [], sales.Ends.Select(end => end.End!.Reason));
        Assert.Equal(isGivenUp ? 0 : 1, sales.Busy[^1]);
    }

    [Fact]
    public void Data_of_which_hardly_a_byte_comes_is_given_up_however_much_there_is()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => Observable.Return(1UL).Concat(Observable.Never<ulong>());
        sales.Run(SalesFixture.Offer(gib: 2_048)).Request(SalesFixture.Ask(price: 2, sizeBytes: 1UL << 40));

        sales.Advance(TimeSpan.FromMinutes(12));

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
    }

    [Fact]
    public void Slots_whose_data_trickles_do_not_keep_those_waiting_whose_data_comes()
    {
        using var sales = new SalesFixture();
        var trickling = default(RequestId);
        sales.Storage.OnStore = download => download.Slot.RequestId == trickling
            ? Observable.Interval(TimeSpan.FromMinutes(9), sales.Time).Select(byteNumber => (ulong)byteNumber + 1)
            : Observable.Return(download.Request.Ask.SlotSizeBytes);
        sales.Run();
        trickling = sales.Chain.RequestStorage(
            SalesFixture.Ask(price: 1_000, slots: 6, durationSeconds: 20 * 86_400), expirySeconds: 10 * 86_400);
        sales.Advance(TimeSpan.FromMinutes(1));
        var whole = sales.Request(SalesFixture.Ask(price: 2, slots: 3, durationSeconds: 10 * 86_400), expirySeconds: 5 * 86_400);

        sales.Advance(TimeSpan.FromHours(2));

        Assert.Equal(3, sales.Steps.Count(step => step.Sale.Slot.RequestId == whole && step.State == State.SaleProving));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(7, 3)]
    public void Progress_that_repeats_itself_is_no_progress(ulong even, ulong odd)
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => Observable.Interval(TimeSpan.FromMinutes(1), sales.Time)
            .Select(minute => minute % 2 == 0 ? even : odd);
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(12));

        sales.AssertEnd(State.SaleErrored, SaleReason.DeadlinePassed);
    }

    [Fact]
    public void What_is_written_moves_from_held_to_used()
    {
        using var gate = new Subject<ulong>();
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => gate;
        sales.Run().Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(1));

        gate.OnNext(1_000);
        sales.Advance(TimeSpan.Zero);

        Assert.Equal((SalesFixture.GiB - 1_000, 1_000UL), (sales.Balance.HeldBytes, sales.Balance.UsedBytes));
    }

    [Fact]
    public void Storage_that_throws_when_it_is_called_errs_that_sale_only()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnCall = _ => throw new InvalidOperationException("The disk is on fire.");
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(sales.Failure);
        sales.AssertEnd(State.SaleErrored, SaleReason.DownloadFailed);
        sales.RunToTheEnd();
    }
}
