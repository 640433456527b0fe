namespace CodexSales.Rx.Ethereum.Tests;

public sealed class RoundTripsTests
{
    [Fact]
    public void No_way_takes_more_round_trips_than_it_did()
    {
        var rows = RoundTrips.Count();

        Assert.Equal([3, 2, 3, 3, 3], rows.Select(row => row.Trips));
        Assert.Equal([true, true, false, true, true], rows.Select(row => row.Trips <= row.Target));
    }
}
