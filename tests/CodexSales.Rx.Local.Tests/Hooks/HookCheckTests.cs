using System.Diagnostics;
using System.Diagnostics.Metrics;
using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>A hook is asked whether it can work, and all that hooks do is measured.</summary>
public sealed class HookCheckTests : IDisposable
{
    private readonly HookBench _bench = new();

    [Fact]
    public async Task A_hook_that_can_work_says_so_in_one_line()
    {
        var hook = _bench.Script("echo \"$line\" > asked; echo '{\"done\":true}'");

        await hook.CheckAsync(_bench.Scheduler, Token);

        Assert.Equal("{\"hook\":\"check\"}\n", await File.ReadAllTextAsync(_bench.Folder["asked"], Token));
    }

    [Theory]
    [InlineData("exit 0", HookFailure.BadAnswer, "ended without an answer.")]
    [InlineData("exit 2", HookFailure.Failed, "ended with exit code 2.")]
    [InlineData("echo '{\"error\":\"no key\"}'", HookFailure.Refused, "says: no key.")]
    [InlineData(
        "echo '{\"written\":1}'",
        HookFailure.BadAnswer,
        "wrote '{\"written\":1}', which is no answer: {\"done\":true} or {\"error\":\"…\"} is expected.")]
    public async Task A_hook_that_can_not_work_or_knows_no_check(string script, HookFailure failure, string sentence)
    {
        var failed = await Assert.ThrowsAsync<HookException>(() => _bench.Script(script).CheckAsync(_bench.Scheduler, Token));

        Assert.Equal((failure, $"The check hook '/bin/sh' {sentence}"), (failed.Failure, failed.Message));
    }

    [Theory]
    [InlineData("echo '{\"done\":true}'", "can't be started: Exec format error (a script's first line is \"#!\" and its interpreter, such as #!/bin/sh).")]
    [InlineData("#!/bin/nothing", "can't be started: No such file or directory (it is there, but the interpreter that its first line names is not).")]
    public async Task A_script_that_the_system_does_not_know_as_one(string firstLine, string sentence)
    {
        Needs.Unix("scripts that begin with #!");
        var script = _bench.Folder["script"];

        // Another process writes it: one that starts programs while it writes lends the file to them, and then it may not be started.
        using var copy = Process.Start("install", ["-m", "755", _bench.Folder.Write("text", $"{firstLine}\n"), script]);
        await copy.WaitForExitAsync(Token);
        var hook = new HookCommand { Program = script, TimeLimit = TimeSpan.FromMinutes(5) };

        var failed = await Assert.ThrowsAsync<HookException>(() => hook.CheckAsync(_bench.Scheduler, Token));

        Assert.Equal($"The check hook '{script}' {sentence}", failed.Message);
    }

    [Fact]
    public async Task Each_run_is_measured_and_each_failure_counted()
    {
        var told = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == HookMetrics.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Tell(instrument, tags));
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Tell(instrument, tags));
        listener.Start();

        await _bench.Script("echo '{\"done\":true}'").CheckAsync(_bench.Scheduler, Token);
        await Assert.ThrowsAsync<HookException>(() => _bench.Prover("exit 3").ProveAsync(Slot, default, Token));

        // Other tests may run hooks at the same time.
        lock (told)
        {
            Assert.Contains("codexsales.hook.duration check", told);
            Assert.Contains("codexsales.hook.failed prove Failed", told);
            Assert.Contains("codexsales.hook.duration prove", told);
        }

        void Tell(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var values = new List<object?> { instrument.Name };
            foreach (var tag in tags)
            {
                values.Add(tag.Value);
            }

            lock (told)
            {
                told.Add(string.Join(' ', values));
            }
        }
    }

    public void Dispose() => _bench.Dispose();
}
