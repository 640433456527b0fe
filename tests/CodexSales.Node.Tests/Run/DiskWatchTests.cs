using CodexSales.Node.Run;
using CodexSales.Rx.Testing;

namespace CodexSales.Node.Tests.Run;

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
            ["less than the 50 B of --keep-free are free on the disk of --data; hosted slots go on", null], told);
    }

    [Fact]
    public void A_disk_that_is_full_at_the_start_is_told_at_once()
    {
        _free = 0;
        List<string?> told = [];

        using var watching = Watch(floor: 1).Reasons.Subscribe(told.Add);

        Assert.Single(told);
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void More_for_sale_than_there_is_room_for_is_told(uint toCome, bool isTold) =>
        Assert.Equal(isTold, Watch(floor: 50).FindShortage(toCome) is not null);

    private DiskWatch Watch(ulong floor) => new(() => _free, floor, _time);
}
