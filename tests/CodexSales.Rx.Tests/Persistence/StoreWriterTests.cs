namespace CodexSales.Rx.Tests.Persistence;

public sealed class StoreWriterTests : IDisposable
{
    private readonly VirtualTime _time = new();
    private readonly SlowStore _store = new();
    private readonly List<Exception> _troubles = [];
    private readonly List<string> _told = [];
    private readonly StoreWriter _log;

    public StoreWriterTests() =>
        _log = new StoreWriter(_store, new Retry(new SellingOptions(), new Random(0), _troubles.Add, new PortWatch(_time), _time));

    [Fact]
    public void A_decision_is_told_once_it_is_written_and_not_before()
    {
        Save("a");
        _time.RunDue();
        Assert.Empty(_told);

        _store.Finish();
        _time.RunDue();

        Assert.Equal(["a"], _told);
    }

    [Fact]
    public void What_is_decided_while_one_is_written_follows_as_one_batch_in_order()
    {
        Save("a");
        Save("b");
        Save("c");
        _store.Finish();
        _time.RunDue();
        Save("d");
        Assert.Equal(["a"], _told);

        _store.Finish();
        _time.RunDue();
        _store.Finish();
        _time.RunDue();

        Assert.Equal(["a", "b", "c", "d"], _told);
        Assert.Equal([1, 2, 1], _store.Attempts);
        Assert.Equal(["a", "b", "c", "d"], _store.Load().Availabilities.Select(each => each.Availability.Id.ToString()));
    }

    [Fact]
    public void An_attempt_that_takes_too_long_is_given_up_before_the_next_one_begins()
    {
        Save("a");

        _time.AdvanceBy(new SellingOptions().StorageDeadline + TimeSpan.FromSeconds(2));

        Assert.Equal((1, 2), (_store.GivenUp, _store.Attempts.Count));
    }

    [Fact]
    public void What_can_not_be_written_is_reported_and_tried_until_it_is()
    {
        Save("a");
        for (var i = 0; i < 3; i++)
        {
            _store.Fail();
            _time.AdvanceBy(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(3, _troubles.Count);
        Assert.Empty(_told);
        _store.Finish();
        _time.RunDue();

        Assert.Equal(["a"], _told);
        Assert.Equal([1, 1, 1, 1], _store.Attempts);
    }

    [Fact]
    public void There_is_one_write_at_a_time()
    {
        Save("a");
        Save("b");
        _store.Fail();
        Save("c");
        _time.RunDue();
        Assert.Equal(0, _store.UnderWay);

        _time.AdvanceBy(TimeSpan.FromMinutes(1));

        Assert.Equal(1, _store.UnderWay);
    }

    [Fact]
    public void With_a_store_that_is_quick_nothing_waits()
    {
        using var log = new StoreWriter(
            new MemorySalesStore(), new Retry(new SellingOptions(), new Random(0), _troubles.Add, new PortWatch(_time), _time));
        var isTold = false;

        log.Save(Change("a")).Subscribe(_ => isTold = true);

        Assert.True(isTold);
        Assert.Equal(0, _time.PendingCount);
    }

    [Fact]
    public void Decisions_are_told_in_their_order_by_a_store_that_is_slow_once_and_then_quick()
    {
        Save("a", whenTold: () => Save("d"));
        Save("b", whenTold: () => Save("e"));
        Save("c");
        _store.IsQuick = true;

        _store.Finish();
        _time.RunDue();

        Assert.Equal(["a", "b", "c", "d", "e"], _told);
        Assert.Equal([1, 3, 1], _store.Attempts);
        Save("f");
        Assert.Equal("f", _told[^1]);
    }

    [Fact]
    public void Who_waits_when_all_ends_is_told_so_and_no_timer_is_left()
    {
        var errors = new List<Exception>();
        _log.Save(Change("a")).Subscribe(_ => { }, errors.Add);
        _log.Save(Change("b")).Subscribe(_ => { }, errors.Add);

        _log.Dispose();

        Assert.Equal(2, errors.OfType<ObjectDisposedException>().Count());
        Assert.Equal(0, _time.PendingCount);
    }

    public void Dispose() => _log.Dispose();

    private void Save(string name, Action? whenTold = null) => _log.Save(Change(name)).Subscribe(
        _ =>
        {
            _told.Add(name);
            whenTold?.Invoke();
        },
        _ => { });

    private static AvailabilitySaved Change(string name) => new(new StoredAvailability(new Availability
    {
        Id = new AvailabilityId(name),
        TotalBytes = 1,
        MaxDurationSeconds = 1,
        MinPricePerBytePerSecond = 1,
        TotalCollateral = 1,
    }));
}
