using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Files;

public sealed class DiskQuotaTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_slot_beyond_the_quota_is_refused_before_anything_is_written()
    {
        var source = new ScriptedSource(Bytes(700));
        using var storage = Storage(source);
        await storage.Store(Download(700, Slot with { SlotIndex = 1 }));

        var (_, error) = await storage.Store(Download(301)).RecordAsync();

        Assert.Equal(
            $"Slot {Slot.ToShortString()} has 301 bytes, and other slots have 700 of the 1000 bytes that may be stored.",
            Assert.IsType<SlotStorageException>(error).Message);
        Assert.Single(source.Offsets);
        Assert.Single(await storage.ListAsync(Token));
    }

    [Fact]
    public async Task Downloads_under_way_count_in_full()
    {
        var source = new ScriptedSource([]) { OnOpen = (_, _) => new TaskCompletionSource<Stream>().Task };
        using var storage = Storage(source);
        var opened = new TaskCompletionSource();
        source.OnOpen = (_, _) =>
        {
            opened.SetResult();
            return new TaskCompletionSource<Stream>().Task;
        };
        using var first = storage.Store(Download(700, Slot with { SlotIndex = 1 })).Subscribe();
        await opened.Task;

        var (_, error) = await storage.Store(Download(301)).RecordAsync();

        Assert.IsType<SlotStorageException>(error);
    }

    [Fact]
    public async Task Half_of_a_slot_from_before_a_restart_counts()
    {
        _folder.Write($"{Slot.RequestId}-1.part", Bytes(700));
        using var storage = Storage(new ScriptedSource(Bytes(301)));

        var (_, error) = await storage.Store(Download(301)).RecordAsync();

        Assert.IsType<SlotStorageException>(error);
    }

    [Fact]
    public async Task A_slot_is_not_counted_twice_when_it_is_fetched_again()
    {
        var source = new ScriptedSource(Bytes(1_000));
        using var storage = Storage(source);
        source.OnOpen = (offset, _) => Task.FromResult<Stream>(
            new BrokenStream(source.From(offset), 900, BrokenStream.Breaks));
        await storage.Store(Download(1_000)).RecordAsync();
        source.OnOpen = null;

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Null(error);
    }

    [Fact]
    public async Task What_is_cleared_makes_room()
    {
        using var storage = Storage(new ScriptedSource(Bytes(1_000)));
        var other = Slot with { SlotIndex = 1 };
        await storage.Store(Download(1_000, other));
        await storage.ClearAsync(other, Token);

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Null(error);
    }

    [Fact]
    public async Task A_slot_of_the_largest_size_there_is_is_refused()
    {
        _folder.Write($"{Slot.RequestId}-1.part", Bytes(1));
        using var storage = Storage(new ScriptedSource([]));

        var (_, error) = await storage.Store(Download(ulong.MaxValue)).RecordAsync();

        Assert.IsType<SlotStorageException>(error);
    }

    public void Dispose() => _folder.Dispose();

    private FileSlotStorage Storage(ScriptedSource source) => new(
        source, new FileSlotStorageOptions { Directory = _folder.Path, QuotaBytes = 1_000 });
}
