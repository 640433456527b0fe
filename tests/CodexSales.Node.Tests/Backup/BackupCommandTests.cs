using CodexSales.Node.Tests.Replay;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Node.Tests.Backup;

/// <summary>Copies of what a node remembers: made while it sells, and put back.</summary>
public sealed class BackupCommandTests : IDisposable
{
    private readonly TemporaryFiles _files = new();
    private readonly string _data;

    public BackupCommandTests() => _data = Directory.CreateDirectory(_files.PathOf("data")).FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Store => Path.Combine(_data, "sales.db");

    private string Copy => _files.PathOf("copy.db");

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_store_of_a_running_node_is_copied_and_restored_into_an_empty_folder()
    {
        using (var running = Open(Store))
        {
            await running.SaveAsync([Offer("disk 1")], Cancellation);
            var backup = await CommandRun.OfAsync("backup", Copy, "--data", _data);
            Assert.Equal((0, ""), (backup.ExitCode, backup.Error));
            await running.SaveAsync([Offer("disk 2")], Cancellation);
        }

        var elsewhere = _files.PathOf("elsewhere");
        var restore = await CommandRun.OfAsync("restore", Copy, "--data", elsewhere);

        Assert.Equal((0, ""), (restore.ExitCode, restore.Error));
        using var restored = Open(Path.Combine(elsewhere, "sales.db"));
        Assert.Equal("disk 1", $"{Assert.Single(restored.Load().Availabilities).Availability.Id}");
        Assert.Equal(["copy.db"], Directory.GetFiles(_files.Root, "copy*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task What_is_there_is_never_written_over()
    {
        Open(Store).Dispose();
        await CommandRun.OfAsync("backup", Copy, "--data", _data);

        Assert.Contains(
            "there is something of that name already", await RefusedAsync("backup", Copy, "--data", _data), StringComparison.Ordinal);
        Assert.Contains("is there already, and would be lost", await RefusedAsync("restore", Copy, "--data", _data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_a_process_has_is_not_restored()
    {
        using var running = Open(Store);
        await CommandRun.OfAsync("backup", Copy, "--data", _data);

        Assert.Contains("is in use by another process", await RefusedAsync("restore", Copy, "--data", _data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_store_whose_lock_remembers_it_is_restored()
    {
        Open(Store).Dispose();
        await CommandRun.OfAsync("backup", Copy, "--data", _data);
        File.Delete(Store);

        Assert.Equal(0, (await CommandRun.OfAsync("restore", Copy, "--data", _data)).ExitCode);
        Open(Store).Dispose();
    }

    [Fact]
    public async Task What_is_no_whole_copy_of_a_store_that_is_known_is_refused_and_nothing_is_left()
    {
        Assert.Contains("There is no file", await RefusedAsync("backup", Copy, "--data", _data), StringComparison.Ordinal);
        Assert.Contains("There is no file", await RefusedAsync("restore", Copy, "--data", _data), StringComparison.Ordinal);
        var folder = _files.PathOf("new");
        Assert.Contains("There is no file", await RefusedAsync("restore", Copy, "--data", folder), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
        _files.WriteText("copy.db", "no store");
        Assert.Contains("is no store of sales", await RefusedAsync("restore", Copy, "--data", _data), StringComparison.Ordinal);

        File.Delete(Copy);
        Open(Store).Dispose();
        await CommandRun.OfAsync("backup", Copy, "--data", _data);
        File.Delete(Store);
        await using (var newer = new FileStream(Copy, FileMode.Open))
        {
            newer.Position = 60; // The version of whoever made it; see "Database File Format" of SQLite, section 1.3.
            newer.Write([0, 0, 0, 99]);
        }

        Assert.Contains("has version 99", await RefusedAsync("restore", Copy, "--data", _data), StringComparison.Ordinal);
        await using (var damaged = new FileStream(Copy, FileMode.Open))
        {
            damaged.SetLength(damaged.Length / 2);
        }

        Assert.Contains("is damaged", await RefusedAsync("restore", Copy, "--data", _data), StringComparison.Ordinal);
        Assert.False(File.Exists(Store));
    }

    [Fact]
    public async Task What_is_in_the_way_of_a_copy_is_told_and_stays()
    {
        Open(Store).Dispose();
        var folder = Directory.CreateDirectory(_files.PathOf("folder")).FullName;
        var part = _files.WriteText("copy.db.part", "mine");

        Assert.Equal($"The backup '{folder}' is not made: there is something of that name already.", await RefusedAsync("backup", folder, "--data", _data));
        Assert.Equal($"The backup '{Copy}' is not made: '{part}' is in its way, and no part of a backup.", await RefusedAsync("backup", Copy, "--data", _data));
        var nowhere = Path.Combine(folder, "none", "copy.db");
        Assert.Equal(
            $"The backup '{nowhere}' is not made: there is no folder '{Path.GetDirectoryName(nowhere)}'.", await RefusedAsync("backup", nowhere, "--data", _data));
        Assert.Equal("FILE: '' is given, but a path is expected.", await RefusedAsync("backup", "", "--data", _data));

        Assert.Equal("mine", await File.ReadAllTextAsync(part, Cancellation));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Open(Store).Dispose();
    }

    [Fact]
    public async Task A_folder_that_is_none_takes_no_copy()
    {
        Open(Store).Dispose();
        await CommandRun.OfAsync("backup", Copy, "--data", _data);
        var file = _files.WriteText("file", "mine");

        Assert.Equal($"--data: '{file}' is a file, but a folder is expected.", await RefusedAsync("restore", Copy, "--data", file));
        Assert.StartsWith("--data: ", await RefusedAsync("restore", Copy, "--data", Path.Combine(file, "below")), StringComparison.Ordinal);
        Assert.Equal("--data: '' is given, but DIR is expected.", await RefusedAsync("restore", Copy, "--data", ""));
        Assert.Equal($"There is no file '{_data}'.", await RefusedAsync("restore", _data, "--data", _files.PathOf("elsewhere")));

        Assert.Equal("mine", await File.ReadAllTextAsync(file, Cancellation));
    }

    [Fact]
    public async Task Where_nothing_can_be_written_it_is_said()
    {
        Needs.Linux("a folder where nobody can write");
        Open(Store).Dispose();
        await CommandRun.OfAsync("backup", Copy, "--data", _data);

        Assert.StartsWith("The backup '/proc/copy.db' can't be used: ", await RefusedAsync("backup", "/proc/copy.db", "--data", _data), StringComparison.Ordinal);
        Assert.StartsWith("The store '/proc/sales.db' can't be locked: ", await RefusedAsync("restore", Copy, "--data", "/proc"), StringComparison.Ordinal);
        Assert.StartsWith("--data: ", await RefusedAsync("restore", Copy, "--data", "/proc/none"), StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        return Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static SqliteSalesStore Open(string path) => SqliteSalesStore.Open(new SqliteStoreOptions { Path = path });

    private static AvailabilitySaved Offer(string id) => new(new StoredAvailability(
        new Availability
        {
            Id = new AvailabilityId(id), TotalBytes = 1, MaxDurationSeconds = 1, MinPricePerBytePerSecond = 1, TotalCollateral = 1,
        },
        IsDraining: false));
}
