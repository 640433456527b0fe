using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Files;

public sealed class FileSlotStorageTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_slot_is_stored_byte_for_byte()
    {
        var bytes = Bytes((3 * MiB) + 17);
        using var storage = Storage(new ScriptedSource(bytes));

        var (written, error) = await storage.Store(Download((ulong)bytes.Length)).RecordAsync();

        Assert.Null(error);
        Assert.Equal([1 * MiB, 2 * MiB, 3 * MiB, (3 * MiB) + 17], written);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(storage.PathOf(Slot), Token));
        Assert.False(File.Exists(Part));
    }

    [Fact]
    public async Task Files_are_named_by_request_and_index_alone()
    {
        using var storage = Storage(new ScriptedSource(Bytes(10)));

        await storage.Store(Download(10));

        Assert.Equal(
            [$"{Slot.RequestId}-3.data", $"{Slot.RequestId}-3.until", "storage.lock"],
            Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_slot_without_bytes_is_stored_at_once()
    {
        using var storage = Storage(new ScriptedSource([]));

        var (_, error) = await storage.Store(Download(0)).RecordAsync();

        Assert.Null(error);
        Assert.True(File.Exists(storage.PathOf(Slot)));
    }

    [Fact]
    public async Task A_source_that_is_too_short_is_an_error_with_both_numbers()
    {
        using var storage = Storage(new ScriptedSource(Bytes(999)));

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Equal(
            $"Slot {Slot.ToShortString()} has 1000 bytes, but the source ends after 999.",
            Assert.IsType<SlotStorageException>(error).Message);
        Assert.False(File.Exists(storage.PathOf(Slot)));
    }

    [Fact]
    public async Task A_source_that_is_too_long_is_an_error_and_nothing_beyond_the_slot_is_written()
    {
        using var storage = Storage(new ScriptedSource(Bytes(5_000)));

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Equal(
            $"Slot {Slot.ToShortString()} has 1000 bytes, but the source gives 1001 or more.",
            Assert.IsType<SlotStorageException>(error).Message);
        Assert.Equal(1_000, new FileInfo(Part).Length);
        Assert.False(File.Exists(storage.PathOf(Slot)));
    }

    [Fact]
    public async Task A_source_that_fails_is_an_error_that_says_how_far_it_came()
    {
        var source = new ScriptedSource(Bytes(1_000));
        source.OnOpen = (offset, _) => Task.FromResult<Stream>(
            new BrokenStream(source.From(offset), 600, BrokenStream.Breaks));
        using var storage = Storage(source);

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Equal(
            $"The source of slot {Slot.ToShortString()} failed after 600 of 1000 bytes: The line is dead.",
            Assert.IsType<SlotStorageException>(error).Message);
    }

    [Fact]
    public async Task What_is_stored_already_is_not_fetched_again()
    {
        var source = new ScriptedSource(Bytes(1_000));
        using var storage = Storage(source);
        await storage.Store(Download(1_000));

        var (written, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Null(error);
        Assert.Equal([1_000UL], written);
        Assert.Single(source.Offsets);
    }

    [Fact]
    public async Task Stored_data_of_another_length_is_an_error_with_both_numbers()
    {
        using var storage = Storage(new ScriptedSource(Bytes(1_000)));
        _folder.Write(Path.GetFileName(storage.PathOf(Slot)), Bytes(900));

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Equal(
            $"Slot {Slot.ToShortString()} has 1000 bytes, but 900 of it are stored: that is other data.",
            Assert.IsType<SlotStorageException>(error).Message);
    }

    [Fact]
    public async Task Clearing_deletes_whatever_there_is()
    {
        using var storage = Storage(new ScriptedSource(Bytes(1_000)));
        await storage.Store(Download(1_000));
        _folder.Write(PartName, Bytes(10));

        await storage.ClearAsync(Slot, Token);

        Assert.Equal(["storage.lock"], Directory.EnumerateFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Clearing_what_is_not_there_succeeds()
    {
        using var storage = Storage(new ScriptedSource([]));

        await storage.ClearAsync(Slot, Token);

        Assert.Empty(await storage.ListAsync(Token));
    }

    [Fact]
    public async Task Until_when_a_slot_is_kept_outlives_a_restart()
    {
        using (var before = Storage(new ScriptedSource(Bytes(1_000))))
        {
            await before.Store(Download(1_000));
            await before.KeepUntilAsync(Slot, new UnixSeconds(ulong.MaxValue), Token);
        }

        using var storage = Storage(new ScriptedSource([]));

        Assert.Equal(
            [new StoredSlot(Slot, 1_000, true, new UnixSeconds(ulong.MaxValue))], await storage.ListAsync(Token));
    }

    [Fact]
    public async Task What_is_not_stored_is_not_kept()
    {
        using var storage = Storage(new ScriptedSource([]));

        var error = await Assert.ThrowsAsync<SlotStorageException>(
            () => storage.KeepUntilAsync(Slot, new UnixSeconds(7), Token));

        Assert.Equal($"Slot {Slot.ToShortString()} is not stored: there is nothing to be kept until 7.", error.Message);
    }

    [Fact]
    public async Task Leftovers_are_listed_and_other_files_are_not()
    {
        _folder.Write("notes-3.data", "not ours");
        _folder.Write($"{Slot.RequestId}-3.part", "1234567");
        _folder.Write($"{Slot.RequestId}-12.until.new", "");

        using var storage = Storage(new ScriptedSource([]));

        Assert.Equal(
            [new StoredSlot(Slot, 7, false, null), new StoredSlot(Slot with { SlotIndex = 12 }, 0, false, null)],
            await storage.ListAsync(Token));
    }

    [Fact]
    public async Task A_disk_that_is_full_is_an_error_that_says_how_far_it_came()
    {
        Needs.Linux("/dev/full");
        File.CreateSymbolicLink(Part, "/dev/full");
        using var storage = Storage(new ScriptedSource(Bytes(1_000)));

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.StartsWith(
            $"Slot {Slot.ToShortString()} can't be written beyond 0 of its 1000 bytes: No space left on device",
            Assert.IsType<SlotStorageException>(error).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_may_not_be_written_is_an_error_with_its_name()
    {
        Directory.CreateDirectory(Part);
        using var storage = Storage(new ScriptedSource(Bytes(1_000)));

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.Equal(
            $"The files of slot {Slot.ToShortString()} can't be changed: Access to the path '{Part}' is denied.",
            Assert.IsType<SlotStorageException>(error).Message);
    }

    [Fact]
    public void A_directory_is_for_one_storage_at_a_time()
    {
        using var first = Storage(new ScriptedSource([]));

        var error = Assert.Throws<SlotStorageException>(() => Storage(new ScriptedSource([])));

        Assert.StartsWith(
            $"The directory {_folder.Path} can't be used for slots, or is in use already: ",
            error.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "QuotaBytes is 0; 1 to 9223372036854775807 is expected.")]
    [InlineData(1UL << 63, 1, "QuotaBytes is 9223372036854775808; 1 to 9223372036854775807 is expected.")]
    [InlineData(1, 0, "ProgressBytes is 0; 1 to 18446744073709551615 is expected.")]
    public void Options_out_of_range_are_refused(ulong quota, ulong progress, string message)
    {
        var options = new FileSlotStorageOptions
        {
            Directory = _folder.Path,
            QuotaBytes = quota,
            ProgressBytes = progress,
        };

        var error = Assert.Throws<ArgumentException>(() => new FileSlotStorage(new ScriptedSource([]), options));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static string PartName => $"{Slot.RequestId}-3.part";

    private string Part => _folder[PartName];

    private FileSlotStorage Storage(ScriptedSource source) => new(
        source, new FileSlotStorageOptions { Directory = _folder.Path, QuotaBytes = 1L << 30 });
}
