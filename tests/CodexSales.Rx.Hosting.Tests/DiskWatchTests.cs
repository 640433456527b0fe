using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Hosting.Tests;

public sealed class DiskWatchTests
{
    private readonly VirtualTime _time = new();
    private long _free = 100;

    [Fact]
    public void A_disk_that_fills_is_told_once_and_once_more_when_there_is_room_again()
    {
        List<string?> told = [];
        using var watching = Watch(floor: 50).Reasons.Subscribe(told.Add);
        _time.AdvanceBy(TimeSpan.FromSeconds(30));
        Assert.Empty(told);

        _free = 49;
        _time.AdvanceBy(TimeSpan.FromSeconds(30));
        _free = 50;
        _time.AdvanceBy(TimeSpan.FromSeconds(30));

        Assert.Equal(
            ["less than the 50 B of KeepFreeBytes are free on the disk of Sqlite:Path; hosted slots go on", null], told);
    }

    [Fact]
    public void A_disk_that_is_full_at_the_start_is_told_at_once()
    {
        _free = 0;
        List<string?> told = [];

        using var watching = Watch(floor: 1).Reasons.Subscribe(told.Add);

        Assert.Single(told);
    }

    [Fact]
    public async Task More_for_sale_than_there_is_room_for_is_told_at_first_and_whenever_more_or_less_is_for_sale()
    {
        using var chain = new SimulatedChain(_time);
        using var sales = new SalesPipeline(
            chain.ConnectHost(default), new DryPorts(), new DryPorts(), new SalesPipelineOptions(), _time);
        await OfferAsync("a", 50);
        List<string> told = [];
        using var watching = Watch(floor: 50).ShortagesOf(sales.Availabilities).Subscribe(told.Add);
        _time.RunDue();
        Assert.Empty(told);

        await OfferAsync("b", 1);
        Assert.Equal(["51 B more are for sale than are stored, but only 100 B of the disk of Sqlite:Path are free, of which 50 B stay so."], told);

        // At another price it is as much; and less is enough.
        await OfferAsync("b", 1, price: 2);
        Assert.Single(told);
        await OfferAsync("a", 49);
        Assert.Single(told);
        await OfferAsync("a", 1_000);
        Assert.StartsWith("1001 B more are for sale", Assert.Single(told.Skip(1)), StringComparison.Ordinal);

        async Task OfferAsync(string id, ulong bytes, ulong price = 1)
        {
            var saving = sales.Availabilities.SaveAsync(new Availability
            {
                Id = new AvailabilityId(id),
                TotalBytes = bytes,
                MaxDurationSeconds = 1,
                MinPricePerBytePerSecond = price,
                TotalCollateral = 1,
            });
            _time.RunDue();
            Assert.IsType<LedgerChanged>(await saving);
        }
    }

    private DiskWatch Watch(ulong floor) => new(() => _free, floor, _time);
}
