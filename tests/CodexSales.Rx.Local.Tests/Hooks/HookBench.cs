using System.Reactive.Concurrency;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>
/// Hooks that are real programs: scripts, in a folder of their own. What they write there stays there.
/// </summary>
internal sealed class HookBench(IScheduler? scheduler = null) : IDisposable
{
    private int _scripts;

    public TemporaryFolder Folder { get; } = new();

    public IScheduler Scheduler { get; } = scheduler ?? new SharedVirtualTime();

    /// <summary>A script, which has read its line already: it is in <c>$line</c>.</summary>
    public HookCommand Script(string script)
    {
        Needs.Unix("/bin/sh");
        return new HookCommand
        {
            // The interpreter is what is started: a script that was written a moment ago may not be started by itself.
            Program = "/bin/sh",
            Arguments = [Folder.Write($"hook{++_scripts}.sh", $"cd '{Folder.Path}'\nread -r line\n{script}\n")],
            TimeLimit = TimeSpan.FromMinutes(5),
        };
    }

    /// <summary>Storage whose hooks are all the same.</summary>
    public HookStorage Storage(HookCommand hook) =>
        new(new HookStorageOptions { Store = hook, KeepUntil = hook, Clear = hook }, Scheduler);

    public HookStorage Storage(string script) => Storage(Script(script));

    public HookProver Prover(string script) => new(Script(script), Scheduler);

    public void Dispose()
    {
        // What a test has cancelled is killed soon, but not before it goes on.
        Assert.True(SpinWait.SpinUntil(() => Folder.Processes().Count == 0, TimeSpan.FromSeconds(30)));
        Folder.Dispose();
    }
}
