using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>A program is told a line, and answers by its exit code.</summary>
public sealed class TellingTests : IDisposable
{
    private readonly SharedVirtualTime _time = new();
    private readonly HookBench _bench;

    public TellingTests() => _bench = new HookBench(_time);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void It_reads_the_line_and_what_it_writes_is_not_looked_at()
    {
        _time.WaitFor(TellAsync("echo \"$line\" > heard; echo whatever; echo more >&2"));

        Assert.Equal("a line\n", File.ReadAllText(_bench.Folder["heard"]));
    }

    [Theory]
    [InlineData("echo no mail >&2; exit 4", HookFailure.Failed, "ended with exit code 4. Its standard error ends with: 'no mail'.")]
    [InlineData("kill -9 $$", HookFailure.Failed, "ended by signal 9 (exit code 137).")]
    public void It_did_not_hear(string script, HookFailure failure, string sentence)
    {
        var failed = Assert.Throws<HookException>(() => _time.WaitFor(TellAsync(script)));

        Assert.Equal((failure, $"The alert hook '/bin/sh' {sentence}"), (failed.Failure, failed.Message));
    }

    [Fact]
    public void One_that_hangs_is_ended_at_its_time_limit_with_all_that_it_started()
    {
        var telling = TellAsync("sleep 1000 & wait");
        while (!telling.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
        }

        var failed = Assert.Throws<HookException>(() => _time.WaitFor(telling));
        Assert.Equal(HookFailure.TimedOut, failed.Failure);
        Assert.Empty(_bench.Folder.Processes());
    }

    private async Task<bool> TellAsync(string script)
    {
        await _bench.Script(script).TellAsync("alert", "a line\n"u8.ToArray(), _time, Token);
        return true;
    }
}
