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
