using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>Counts what this process has open, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(HookHandleTests), DisableParallelization = true)]
[Collection(nameof(HookHandleTests))]
public sealed class HookHandleTests : IDisposable
{
    private readonly HookBench _bench = new();

    // What tests before have left to the finalizers would be gone in the middle of counting.
    public HookHandleTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Theory]
    [InlineData("echo '{\"done\":true}'")]
    [InlineData("echo garbage; sleep 1000")]
    [InlineData("kill -9 $$")]
    [InlineData("exec cat /dev/zero")]
    [InlineData("sleep 1000 & exit 1")]
    public async Task A_hook_leaves_no_pipe_open(string script)
    {
        var storage = _bench.Storage(_bench.Script(script) with { MaxLineBytes = 1_000 });
        await storage.Store(Download(1_000)).RecordAsync();
        var before = CountPipes();

        await storage.Store(Download(1_000)).RecordAsync();
        await storage.Store(Download(1_000)).RecordAsync();

        Assert.Equal(before, CountPipes());
    }

    [Fact]
    public async Task A_hook_that_can_not_be_started_leaves_no_pipe_open()
    {
        var storage = _bench.Storage(_bench.Script("") with { Program = "/missing" });
        await storage.Store(Download(1_000)).RecordAsync();
        var before = CountPipes();

        var (_, error) = await storage.Store(Download(1_000)).RecordAsync();

        Assert.IsType<HookException>(error);
        Assert.Equal(before, CountPipes());
    }

    public void Dispose() => _bench.Dispose();

    private static int CountPipes()
    {
        Needs.Linux("/proc");
        return Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Count(handle => new FileInfo(handle).LinkTarget?.StartsWith("pipe:", StringComparison.Ordinal) == true);
    }
}
