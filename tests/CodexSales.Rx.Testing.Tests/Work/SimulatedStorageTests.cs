using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Testing.Tests.Work;

public sealed class SimulatedStorageTests
{
    private static readonly SlotKey Slot = new(default, 3);
    private static readonly UnixSeconds Until = new(2_000_000_000);

    private readonly VirtualTime _time = new();
    private readonly SimulatedStorage _storage;

    public SimulatedStorageTests() => _storage = new SimulatedStorage(
        _time,
        new SimulatedStorageOptions { BytesPerSecond = 100, ProgressSteps = 4, CallLatency = TimeSpan.FromSeconds(1) });

    private static SlotDownload Download => new(
        Slot,
        SomeRequests.Request with { Ask = SomeRequests.Ask with { SlotSizeBytes = 1000 } },
        Until,
        IsRepair: false);

    [Fact]
    public void A_download_takes_its_time_and_tells_its_progress()
    {
        using var progress = _time.Record(_storage.Store(Download));

        _time.RunUntilIdle();

        Assert.Equal(
            [
                new(TimeSpan.FromSeconds(2.5), 250UL), new(TimeSpan.FromSeconds(5), 500UL),
                new(TimeSpan.FromSeconds(7.5), 750UL), new(TimeSpan.FromSeconds(10), 1000UL),
            ],
            progress.Values);
        Assert.True(progress.IsCompleted);
        Assert.Equal(1000UL, _storage.StoredBytes);
        Assert.Equal(Until, _storage.GetKeptUntil(Slot));
    }

    [Fact]
    public void Nothing_is_stored_before_somebody_subscribes()
    {
        _storage.Store(Download);

        _time.RunUntilIdle();

        Assert.Empty(_storage.Stored);
    }

    [Fact]
    public void A_cancelled_download_leaves_what_it_brought_and_no_timer()
    {
        var subscription = _storage.Store(Download).Subscribe();
        _time.AdvanceBy(TimeSpan.FromSeconds(6));

        subscription.Dispose();

        Assert.Equal(500UL, _storage.Stored[Slot]);
        Assert.Equal(0, _time.PendingCount);
    }

    [Theory]
    [InlineData(WorkFault.Fails)]
    [InlineData(WorkFault.DiskFull)]
    [InlineData(WorkFault.Stalls)]
    public void A_download_that_goes_wrong_stops_half_way(WorkFault fault)
    {
        var store = new WorkCall(nameof(ISlotStorage.Store), Slot, VirtualTime.Start);
        _storage.Faults = call => call == store ? fault : WorkFault.None;
        using var progress = _time.Record(_storage.Store(Download));

        _time.RunUntilIdle();

        Assert.Equal([250UL, 500UL], progress.Values.Select(value => value.Value));
        Assert.Equal(fault != WorkFault.Stalls, progress.Error is IOException);
        Assert.Equal(fault == WorkFault.DiskFull, progress.Error?.HResult == unchecked((int)0x80070070));
        Assert.False(progress.IsCompleted);
    }

    [Fact]
    public void Clearing_deletes_what_there_is_and_succeeds_when_there_is_nothing()
    {
        using var progress = _time.Record(_storage.Store(Download));
        _time.RunUntilIdle();

        _time.Run(() => _storage.ClearAsync(Slot, default));
        _time.Run(() => _storage.ClearAsync(Slot, default));

        Assert.Equal(TimeSpan.FromSeconds(12), _time.Elapsed);
        Assert.Empty(_storage.Stored);
        Assert.Null(_storage.GetKeptUntil(Slot));
    }

    [Fact]
    public void Only_what_is_stored_can_be_kept_longer()
    {
        Assert.Throws<InvalidOperationException>(() => _time.Run(() => _storage.KeepUntilAsync(Slot, Until, default)));
        using var progress = _time.Record(_storage.Store(Download));
        _time.RunUntilIdle();

        _time.Run(() => _storage.KeepUntilAsync(Slot, Until.Plus(1), default));

        Assert.Equal(Until.Plus(1), _storage.GetKeptUntil(Slot));
    }

    [Fact]
    public void A_stalled_call_ends_when_it_is_cancelled()
    {
        _storage.Faults = _ => WorkFault.Stalls;
        using var source = new CancellationTokenSource();
        var clearing = _storage.ClearAsync(Slot, source.Token);
        _time.RunUntilIdle();
        Assert.False(clearing.IsCompleted);

        source.Cancel();

        Assert.True(clearing.IsCanceled);
    }

    [Fact]
    public void A_slot_of_any_size_has_an_end()
    {
        var ask = SomeRequests.Ask with { SlotSizeBytes = ulong.MaxValue };
        var download = Download with { Request = SomeRequests.Request with { Ask = ask } };
        using var progress = _time.Record(_storage.Store(download));

        _time.RunUntilIdle();

        Assert.Equal(ulong.MaxValue, progress.Values[^1].Value);
    }
}
