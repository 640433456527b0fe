using System.Diagnostics;
using System.Globalization;
using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>Hooks that don't end by themselves, or leave something behind.</summary>
public sealed class HookEndTests : IDisposable
{
    private const string Hangs = "echo '{\"written\":1}'; exec sleep 1000";

    // A child, one whose parent has ended, and one in a session of its own.
    private const string HangsWithFamily =
        "sleep 1000 & (sleep 1000 &) ; (setsid sleep 1000 &) ; echo '{\"written\":1}'; wait";

    private readonly SharedVirtualTime _time = new();
    private readonly HookBench _bench;

    public HookEndTests() => _bench = new HookBench(_time);

    [Fact]
    public void A_hook_that_hangs_is_ended_at_its_time_limit_with_all_that_it_started()
    {
        var recorder = Start(_bench.Storage(HangsWithFamily));
        Assert.NotEmpty(_bench.Folder.Processes());

        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(recorder.Ended.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));

        var error = Assert.IsType<HookException>(_time.WaitFor(recorder.Ended));
        Assert.Equal(
            (HookFailure.TimedOut, "The store hook '/bin/sh' took longer than 00:05:00, and was ended."),
            (error.Failure, error.Message));
        Assert.Empty(_bench.Folder.Processes());
    }

    [Fact]
    public void Unsubscribing_ends_the_hook_with_all_that_it_started()
    {
        var storage = _bench.Storage(_bench.Script(
            $"case $line in *store*) {HangsWithFamily};; *) echo '{{\"done\":true}}';; esac"));
        var recorder = new Recorder<ulong>();
        var subscription = storage.Store(Download(1_000)).ObserveOn(_time).Subscribe(recorder);
        _time.WaitUntil(() => recorder.Values.Count > 0);

        subscription.Dispose();
        _time.WaitFor(Completed(storage.ClearAsync(Slot, Token)));

        Assert.Empty(_bench.Folder.Processes());
    }

    [Fact]
    public void Cancelling_ends_the_hook()
    {
        using var cancellation = new CancellationTokenSource();
        var proof = _bench.Prover(": > started; sleep 1000 & sleep 1000").ProveAsync(Slot, default, cancellation.Token);
        while (!File.Exists(_bench.Folder["started"]))
        {
            Assert.False(proof.IsCompleted);
        }

        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => _time.WaitFor(proof));
        Assert.Empty(_bench.Folder.Processes());
    }

    [Fact]
    public void What_is_cancelled_before_it_starts_never_starts()
    {
        var cleared = _bench.Storage(": > started").ClearAsync(Slot, new CancellationToken(canceled: true));

        Assert.ThrowsAny<OperationCanceledException>(() => _time.WaitFor(Completed(cleared)));
        Assert.False(File.Exists(_bench.Folder["started"]));
    }

    // As one sees it whose program was killed: nobody ends its hooks.
    [Fact]
    public void What_an_earlier_process_of_the_same_owner_left_is_ended_and_nothing_else()
    {
        using var orphan = StartMarked(new ProcessFamily("folder A").Mark);
        using var other = StartMarked(new ProcessFamily("folder B").Mark);
        using var nobodys = StartMarked(new ProcessFamily(null).Mark);

        Assert.Equal(1, HookCommand.EndOrphans("folder A"));

        orphan.WaitForExit();
        Assert.Equal((false, false), (other.HasExited, nobodys.HasExited));
        other.Kill();
        nobodys.Kill();

        static Process StartMarked(string mark) => Process.Start(new ProcessStartInfo("sleep", ["1000"])
        {
            Environment = { [ProcessFamily.Variable] = mark },
        })!;
    }

    // Addresses of nodes and passwords are given to programs in their environment.
    [Fact]
    public void A_hook_sees_no_more_of_the_environment_than_it_needs()
    {
        var script = _bench.Script("env > seen; echo '{\"done\":true}'");
        Environment.SetEnvironmentVariable("CODEXSALES_RPC", "https://node/key");
        Environment.SetEnvironmentVariable("MINE", "yes");
        _time.WaitFor(Completed(_bench.Storage(script with { EnvironmentNames = ["PATH", "MINE"] }).ClearAsync(Slot, Token)));

        var seen = File.ReadAllLines(_bench.Folder["seen"]).Select(line => line.Split('=')[0]).Order();

        Assert.Equal(["CODEX_SALES_HOOK", "MINE", "PATH"], seen.Except(["PWD", "OLDPWD", "SHLVL", "_"]));
    }

    [Fact]
    public void A_hook_that_has_done_its_work_leaves_nothing_running()
    {
        var cleared = _bench.Storage("(sleep 1000 &); sleep 1000 & echo '{\"done\":true}'").ClearAsync(Slot, Token);

        _time.WaitFor(Completed(cleared));

        Assert.Empty(_bench.Folder.Processes());
    }

    [Fact]
    public void A_process_that_can_not_be_found_is_waited_for_no_longer_than_five_seconds()
    {
        var hook = _bench.Script("env -i sleep 1000 & echo $! > stranger; echo '{\"done\":true}'");
        var cleared = Completed(
            _bench.Storage(hook with { TimeLimit = TimeSpan.FromDays(99_999) }).ClearAsync(Slot, Token));
        var stranger = _bench.Folder["stranger"];
        while (!File.Exists(stranger) || File.ReadAllText(stranger) is not [.., '\n'])
        {
            Assert.False(cleared.IsCompleted);
        }

        using var process = Process.GetProcessById(
            int.Parse(File.ReadAllText(stranger).TrimEnd(), CultureInfo.InvariantCulture));
        while (!cleared.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        process.Kill();
        process.WaitForExit();
        Assert.True(_time.WaitFor(cleared));
    }

    // Threads of its own, or a server that it has started in itself, may keep a program from ending.
    [Fact]
    public void What_was_answered_counts_though_the_hook_does_not_end()
    {
        ClearSoonOver("echo '{\"done\":true}'; sleep 1000 & exec sleep 1000");

        Assert.Empty(_bench.Folder.Processes());
    }

    [Fact]
    public void A_hook_that_refuses_and_does_not_end_has_refused()
    {
        var error = Assert.Throws<HookException>(() => ClearSoonOver("echo '{\"error\":\"no disk\"}'; exec sleep 1000"));

        Assert.Equal("The clear hook '/bin/sh' says: no disk.", error.Message);
    }

    [Fact]
    public void A_hook_that_closes_its_output_and_goes_on_has_not_answered()
    {
        var error = Assert.Throws<HookException>(() => ClearSoonOver("exec >&-; exec sleep 1000"));

        Assert.Equal("The clear hook '/bin/sh' closed its standard output without an answer, and was ended.", error.Message);
        Assert.Empty(_bench.Folder.Processes());
    }

    // Gigabytes an hour: nobody keeps more than the end of it.
    [Fact]
    public void A_hook_that_writes_on_its_standard_error_for_ever_is_ended_at_its_time_limit()
    {
        var cleared = Completed(_bench.Storage(": > said; exec yes lost >&2").ClearAsync(Slot, Token));
        _time.WaitUntil(() => File.Exists(_bench.Folder["said"]));

        _time.Advance(TimeSpan.FromMinutes(5));

        var error = Assert.Throws<HookException>(() => _time.WaitFor(cleared));
        Assert.StartsWith("The clear hook '/bin/sh' took longer than 00:05:00, and was ended. Its standard error ends with: '", error.Message);
        Assert.InRange(error.Message.Length, 500, 1_500);
    }

    [Fact]
    public void No_more_hooks_run_at_once_than_may()
    {
        var storage = _bench.Storage(_bench.Script(Hangs) with { MaxProcesses = 2 });
        var recorders = new List<Recorder<ulong>>();
        var subscriptions = new List<IDisposable>();
        for (ulong index = 0; index < 4; index++)
        {
            var recorder = new Recorder<ulong>();
            recorders.Add(recorder);
            subscriptions.Add(
                storage.Store(Download(1_000, Slot with { SlotIndex = index })).ObserveOn(_time).Subscribe(recorder));
        }

        _time.WaitUntil(() => Started() == 2);
        Assert.Equal(2, _bench.Folder.Processes().Count);
        subscriptions.Where((_, i) => recorders[i].Values.Count > 0).ToList().ForEach(running => running.Dispose());
        _time.WaitUntil(() => Started() == 4);

        Assert.Equal(2, _bench.Folder.Processes().Count);
        subscriptions.ForEach(subscription => subscription.Dispose());

        int Started() => recorders.Count(recorder => recorder.Values.Count > 0);
    }

    public void Dispose() => _bench.Dispose();

    // Long before its time limit.
    private void ClearSoonOver(string script)
    {
        var hook = _bench.Script(script) with { TimeLimit = TimeSpan.FromDays(99_999) };
        var cleared = Completed(_bench.Storage(hook).ClearAsync(Slot, Token));
        while (!cleared.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.True(_time.WaitFor(cleared));
    }

    private Recorder<ulong> Start(HookStorage storage)
    {
        var recorder = new Recorder<ulong>();
        storage.Store(Download(1_000)).ObserveOn(_time).Subscribe(recorder);
        _time.WaitUntil(() => recorder.Values.Count > 0 || recorder.Ended.IsCompleted);
        Assert.False(recorder.Ended.IsCompleted);
        return recorder;
    }

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }
}
