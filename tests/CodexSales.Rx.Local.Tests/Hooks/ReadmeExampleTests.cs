using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>The README's example of a hook, word for word, and that it does what it says.</summary>
public sealed class ReadmeExampleTests : IDisposable
{
    private readonly HookBench _bench = new();
    private readonly HookCommand _hook;

    public ReadmeExampleTests()
    {
        Needs.Unix("/bin/sh");
        var readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md"));
        var script = readme.Split("```sh\n")[1].Split("```")[0];
        _hook = new HookCommand
        {
            Program = "/bin/sh",
            Arguments = [_bench.Folder.Write("hook.sh", script), _bench.Folder["slots"]],
            TimeLimit = TimeSpan.FromMinutes(5),
        };
    }

    private string Data => Path.Combine(_bench.Folder["slots"], $"{Slot.RequestId}-3.data");

    [Fact]
    public async Task It_stores_keeps_proves_and_clears()
    {
        var storage = _bench.Storage(_hook);

        var (written, error) = await storage.Store(Download(1_000)).RecordAsync();
        await storage.KeepUntilAsync(Slot, new UnixSeconds(7), Token);
        var proof = await new HookProver(_hook, _bench.Scheduler).ProveAsync(Slot, default, Token);

        Assert.Null(error);
        Assert.Equal([1_000, 1_000], written);
        Assert.Equal(1_000, new FileInfo(Data).Length);
        Assert.Equal("7", await File.ReadAllTextAsync(Path.ChangeExtension(Data, "until"), Token));
        Assert.Equal(new Groth16Proof(1, 2, 3, 4, 5, 6, 7, 8), proof);
        await storage.ClearAsync(Slot, Token);
        Assert.Empty(Directory.EnumerateFiles(_bench.Folder["slots"]));
    }

    [Fact]
    public async Task It_proves_nothing_that_is_not_stored()
    {
        var error = await Assert.ThrowsAsync<HookException>(
            () => new HookProver(_hook, _bench.Scheduler).ProveAsync(Slot, default, Token));

        Assert.Equal("The prove hook '/bin/sh' says: the slot is not stored.", error.Message);
    }

    public void Dispose() => _bench.Dispose();
}
