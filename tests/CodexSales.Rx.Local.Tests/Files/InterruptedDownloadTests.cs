using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Files;

/// <summary>Downloads that stop half way, and what can be relied on afterwards.</summary>
public sealed class InterruptedDownloadTests : IDisposable
{
    private const int Checkpoint = (int)PartFile.CheckpointBytes;
    private const int Size = (2 * Checkpoint) + 1_000;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _bytes = Bytes(Size);

    [Theory]
    [InlineData(Checkpoint - 1, 0)]
    [InlineData(Checkpoint, 0)]
    [InlineData(Checkpoint + 1, Checkpoint)]
    [InlineData(2 * Checkpoint, Checkpoint)]
    [InlineData(Size - 1, 2 * Checkpoint)]
    public async Task It_goes_on_after_a_restart_where_the_disk_is_sure_of_it(int brokenAt, ulong goesOnAt)
    {
        var source = new ScriptedSource(_bytes);
        using (var before = Storage(source))
        {
            source.OnOpen = (offset, _) => Task.FromResult<Stream>(
                new BrokenStream(source.From(offset), brokenAt, BrokenStream.Breaks));
            await before.Store(Download(Size)).RecordAsync();
            source.OnOpen = null;
        }

        // What was never flushed is lost with the power: the file has its length, and nothing in it.
        using (var part = File.OpenWrite(Part))
        {
            part.Position = (long)goesOnAt;
            part.Write(new byte[part.Length - part.Position]);
        }

        using var storage = Storage(source);
        var (written, error) = await storage.Store(Download(Size)).RecordAsync();

        Assert.Null(error);
        Assert.Equal([0, goesOnAt], source.Offsets);
        Assert.Equal(goesOnAt == 0 ? 1UL << 20 : goesOnAt, written[0]);
        Assert.Equal(_bytes, await File.ReadAllBytesAsync(storage.PathOf(Slot), Token));
    }

    [Fact]
    public async Task It_goes_on_when_only_the_name_was_missing()
    {
        _folder.Write(PartName, _bytes);
        using var storage = Storage(new ScriptedSource(_bytes));

        var (written, error) = await storage.Store(Download(Size)).RecordAsync();

        Assert.Null(error);
        Assert.Equal([2 * Checkpoint, Size], written);
        Assert.Equal(_bytes, await File.ReadAllBytesAsync(storage.PathOf(Slot), Token));
    }

    [Fact]
    public async Task Unsubscribing_ends_it_though_the_source_never_answers()
    {
        var opened = new TaskCompletionSource();
        var stream = new TaskCompletionSource<Stream>();
        var source = new ScriptedSource(_bytes)
        {
            OnOpen = (_, _) =>
            {
                opened.SetResult();
                return stream.Task;
            },
        };
        using var storage = Storage(source);
        var subscription = storage.Store(Download(Size)).Subscribe();
        await opened.Task;

        subscription.Dispose();
        await storage.ClearAsync(Slot, Token);

        var late = new BrokenStream(source.From(0), 0, BrokenStream.Hangs);
        stream.SetResult(late);
        await late.Disposed;
        Assert.Empty(await storage.ListAsync(Token));
    }

    [Fact]
    public async Task Unsubscribing_ends_it_though_the_stream_hangs_and_never_on_the_thread_that_unsubscribes()
    {
        var (source, stream) = Hanging(out var reading);
        using var storage = Storage(source);
        var subscription = storage.Store(Download(Size)).Subscribe();
        await reading;

        var thread = 0;
        var unsubscriber = new Thread(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            subscription.Dispose();
        });
        unsubscriber.Start();
        unsubscriber.Join();
        await stream.Disposed;

        Assert.NotEqual(thread, stream.DisposingThread);
        Assert.False(File.Exists(storage.PathOf(Slot)));
    }

    [Fact]
    public async Task Clearing_waits_until_the_download_has_really_ended()
    {
        var (source, stream) = Hanging(out var reading);
        using var storage = Storage(source);
        var subscription = storage.Store(Download(Size)).Subscribe();
        await reading;

        var cleared = storage.ClearAsync(Slot, Token);
        Assert.False(cleared.IsCompleted);
        subscription.Dispose();
        await cleared;

        Assert.True(stream.Disposed.IsCompleted);
        Assert.Empty(await storage.ListAsync(Token));
    }

    [Fact]
    public async Task Who_gives_up_waiting_for_a_slot_is_not_waited_for()
    {
        var (source, _) = Hanging(out var reading);
        using var storage = Storage(source);
        using var subscription = storage.Store(Download(Size)).Subscribe();
        await reading;
        using var impatience = new CancellationTokenSource();
        var impatient = storage.ClearAsync(Slot, impatience.Token);
        var patient = storage.ClearAsync(Slot, Token);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(patient.IsCompleted);
        subscription.Dispose();
        await patient;

        Assert.Empty(await storage.ListAsync(Token));
    }

    [Fact]
    public async Task The_second_of_two_downloads_of_a_slot_waits_and_fetches_nothing()
    {
        var source = new ScriptedSource(_bytes);
        using var storage = Storage(source);

        var ended = await Task.WhenAll(
            storage.Store(Download(Size)).RecordAsync(), storage.Store(Download(Size)).RecordAsync());

        Assert.All(ended, end => Assert.Null(end.Error));
        Assert.Equal([0UL], source.Offsets);
    }

    [Fact]
    public async Task A_source_is_never_asked_on_the_thread_that_subscribes()
    {
        var asked = new TaskCompletionSource<int>();
        var source = new ScriptedSource(_bytes);
        source.OnOpen = (offset, _) =>
        {
            asked.SetResult(Environment.CurrentManagedThreadId);
            return Task.FromResult<Stream>(source.From(offset));
        };
        using var storage = Storage(source);
        var thread = 0;
        var subscriber = new Thread(() =>
        {
            thread = Environment.CurrentManagedThreadId;
            storage.Store(Download(Size)).Subscribe();
        });

        subscriber.Start();
        subscriber.Join();

        Assert.NotEqual(thread, await asked.Task);
        await storage.ClearAsync(Slot, Token);
    }

    public void Dispose() => _folder.Dispose();

    private static string PartName => $"{Slot.RequestId}-3.part";

    private string Part => _folder[PartName];

    // Reads some bytes, and then neither goes on nor obeys its token.
    private (ScriptedSource Source, BrokenStream Stream) Hanging(out Task reading)
    {
        var hangs = new TaskCompletionSource();
        var source = new ScriptedSource(_bytes);
        var stream = new BrokenStream(source.From(0), 300_000, cancellation =>
        {
            hangs.TrySetResult();
            return BrokenStream.Hangs(cancellation);
        });
        source.OnOpen = (_, _) => Task.FromResult<Stream>(stream);
        reading = hangs.Task;
        return (source, stream);
    }

    private FileSlotStorage Storage(ScriptedSource source) => new(
        source, new FileSlotStorageOptions { Directory = _folder.Path, QuotaBytes = 1L << 30 });
}
