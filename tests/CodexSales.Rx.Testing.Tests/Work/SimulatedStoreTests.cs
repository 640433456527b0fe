namespace CodexSales.Rx.Testing.Tests.Work;

public sealed class SimulatedStoreTests : IDisposable
{
    private static readonly TimeSpan WriteTime = TimeSpan.FromSeconds(2);

    private readonly VirtualTime _time = new();
    private readonly SimulatedStore _store;

    public SimulatedStoreTests() => _store = new SimulatedStore(_time, WriteTime);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_write_is_made_when_it_is_confirmed()
    {
        var saved = Save("v1");
        Assert.Empty(_store.Load().Availabilities);

        _time.AdvanceBy(WriteTime);

        Assert.True(saved.IsCompletedSuccessfully);
        Assert.Single(_store.Load().Availabilities);
    }

    [Fact]
    public void Without_a_write_time_it_is_confirmed_inside_of_the_call()
    {
        using var quick = new SimulatedStore(_time);

        Assert.True(quick.SaveAsync([Change("v1")], default).IsCompletedSuccessfully);

        Assert.Single(quick.Load().Availabilities);
    }

    [Theory]
    [InlineData(StoreFault.Fails, 0)]
    [InlineData(StoreFault.Stalls, 0)]
    [InlineData(StoreFault.Unheard, 1)]
    public void A_write_that_goes_wrong_is_made_or_not(StoreFault fault, int written)
    {
        _store.Faults = () => fault;

        var saved = Save("v1");
        _time.AdvanceBy(TimeSpan.FromHours(1));

        Assert.Equal((fault == StoreFault.Fails, written), (saved.IsFaulted, _store.Load().Availabilities.Count));
    }

    [Fact]
    public void A_write_that_is_cancelled_is_not_made()
    {
        using var cancellation = new CancellationTokenSource();
        var saved = _store.SaveAsync([Change("v1")], cancellation.Token);

        cancellation.Cancel();

        Assert.True(saved.IsCanceled);
        Assert.Equal((0, 0, 0), (_time.PendingCount, _store.UnderWay, _store.Load().Availabilities.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_not_confirmed_survives_a_crash_or_not(bool keepsUnconfirmed)
    {
        var saved = Save("v1");

        _store.Crash(keepsUnconfirmed);
        _time.AdvanceBy(TimeSpan.FromHours(1));

        Assert.False(saved.IsCompleted);
        Assert.Equal(keepsUnconfirmed ? 1 : 0, _store.Load().Availabilities.Count);
    }

    private Task Save(string name) => _store.SaveAsync([Change(name)], default);

    private static AvailabilitySaved Change(string name) => new(new StoredAvailability(new Availability
    {
        Id = new AvailabilityId(name),
        TotalBytes = 1,
        MaxDurationSeconds = 1,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 1,
    }));
}
