using CodexSales.Rx.Local.Tests.Sources;

namespace CodexSales.Node.Tests.Run;

/// <summary>What the program keeps is for its owner only.</summary>
public sealed class OwnFilesTests : IAsyncLifetime
{
    private readonly MarketOnANode _market = new();

    public ValueTask InitializeAsync() => _market.InitializeAsync();

    public ValueTask DisposeAsync() => _market.DisposeAsync();

    [Fact]
    public async Task Nobody_else_may_read_any_file_of_the_data_folder()
    {
        Needs.Unix("permissions of files");
        using var server = new SlotServer((_, from) => SlotServer.Part(new byte[1_000], from));
        using var home = new HostHome(_market);
        await _market.Node.SetBlockSecondsAsync(1);
        await _market.RequestAsync(slots: 1, durationSeconds: 300, expirySeconds: 200);
        await using var program = home.Start("--source", server.Address + "/{requestId}/{index}");
        await program.Lines.NextAsync("submitProof");

        string[] kept = [home.Data, .. Directory.EnumerateFileSystemEntries(home.Data, "*", SearchOption.AllDirectories)];

        Assert.Superset(
            new HashSet<string>
            {
                "data", "sales.db", "sales.db-wal", "sales.db-shm", "sales.db.lock", "sales.db.reserve", "slots", "storage.lock",
            },
            kept.Select(Path.GetFileName).OfType<string>().ToHashSet());
        Assert.Equal(2, kept.Count(path => Path.GetExtension(path) is ".data" or ".until"));
        Assert.All(kept, path => Assert.Equal(
            Directory.Exists(path) ? "UserExecute, UserWrite, UserRead" : "UserWrite, UserRead", ModeOf(path)));
        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task The_folder_of_slots_is_its_owners_also_where_the_hook_stores_them()
    {
        Needs.Unix("permissions of files");
        using var home = new HostHome(_market);
        await using var program = home.Start();
        await program.Lines.NextAsync("offer");

        Assert.Equal("UserExecute, UserWrite, UserRead", ModeOf(Path.Combine(home.Data, "slots")));
    }

    private static string ModeOf(string path) => OperatingSystem.IsWindows() ? "" : $"{File.GetUnixFileMode(path)}";
}
