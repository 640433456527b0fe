using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Hooks;

/// <summary>Whatever a hook does wrong is one exception with one sentence, and nothing of the hook is left.</summary>
public sealed class HookFailureTests : IDisposable
{
    private readonly HookBench _bench = new();

    [Theory]
    [InlineData("exit 3", "ended with exit code 3.")]
    [InlineData("echo '{\"done\":true}'; exit 1", "ended with exit code 1.")]
    [InlineData("echo 'no peer' >&2; exit 3", "ended with exit code 3. Its standard error ends with: 'no peer'.")]
    [InlineData("kill -9 $$", "ended by signal 9 (exit code 137).")]
    [InlineData("kill -TERM $$", "ended by signal 15 (exit code 143).")]
    public Task A_hook_that_dies(string script, string sentence) =>
        FailsAsync(script, HookFailure.Failed, sentence);

    [Theory]
    [InlineData("exit 0", "ended without an answer.")]
    [InlineData("echo '{\"written\":1}'", "ended without an answer.")]
    [InlineData("echo hello", "wrote 'hello', which is no answer: it is no JSON object on one line.")]
    [InlineData("echo 12", "wrote '12', which is no answer: it is no JSON object with one member.")]
    [InlineData("echo '{}'", "wrote '{}', which is no answer: it is no JSON object with one member.")]
    [InlineData(
        "echo '{\"done\":true,\"a\":1}'",
        "wrote '{\"done\":true,\"a\":1}', which is no answer: it is no JSON object with one member.")]
    [InlineData(
        "echo '{\"done\":false}'",
        "wrote '{\"done\":false}', which is no answer: \"done\" is not expected, or not with that value.")]
    [InlineData(
        "echo '{\"written\":-1}'",
        "wrote '{\"written\":-1}', which is no answer: \"written\" is no whole number from 0 to 2^64 - 1.")]
    [InlineData(
        "echo '{\"written\":1e2}'",
        "wrote '{\"written\":1e2}', which is no answer: \"written\" is no whole number from 0 to 2^64 - 1.")]
    [InlineData(
        "echo '{\"written\":1001}'", "wrote '{\"written\":1001}', which is no answer: the slot has only 1000 bytes.")]
    [InlineData(
        "echo '{\"written\":9}'; echo '{\"written\":8}'",
        "wrote '{\"written\":8}', which is no answer: 9 bytes were written already.")]
    [InlineData(
        "echo '{\"done\":true}'; echo '{\"done\":true}'",
        "wrote '{\"done\":true}', which is no answer: nothing is expected after the last answer.")]
    [InlineData("printf '\\033[31m\\377'", "wrote '[31m\uFFFD', which is no answer: it is no JSON object on one line.")]
    public Task A_hook_whose_answer_is_none(string script, string sentence) =>
        FailsAsync(script, HookFailure.BadAnswer, sentence);

    [Fact]
    public Task A_hook_that_says_what_is_wrong() => FailsAsync(
        "echo 'trace' >&2; printf '%s' '{\"error\":\"No peer has\\nthe data.\"}'; exit 1",
        HookFailure.Refused,
        "says: No peer has the data. Its standard error ends with: 'trace'.");

    [Theory]
    [InlineData("exec cat /dev/zero")]
    [InlineData("echo '{\"written\":1}'; head -c 100001 /dev/zero; echo")]
    public Task A_hook_that_floods_its_output(string script) => FailsAsync(
        script,
        HookFailure.LineTooLong,
        "wrote a line of more than 100000 bytes on its standard output, and was ended.",
        hook => hook with { MaxLineBytes = 100_000 });

    // One that tells its progress for a day writes a lot.
    [Fact]
    public async Task A_hook_may_write_any_number_of_lines()
    {
        var hook = _bench.Script("i=0; while [ $i -lt 300 ]; do echo '{\"written\":1}'; i=$((i+1)); done; echo '{\"done\":true}'");

        var (_, error) = await _bench.Storage(hook with { MaxLineBytes = 15 }).Store(Download(1_000)).RecordAsync();

        Assert.Null(error);
    }

    [Fact]
    public Task A_hook_that_floods_its_standard_error_is_read_to_the_end() => FailsAsync(
        "head -c 3000000 /dev/zero >&2; echo 'the end' >&2; exit 1",
        HookFailure.Failed,
        "ended with exit code 1. Its standard error ends with: 'end'.",
        hook => hook with { MaxErrorBytes = 4 });

    [Fact]
    public Task A_hook_that_is_missing() => FailsAsync(
        "",
        HookFailure.NotStarted,
        "can't be started: No such file or directory.",
        hook => hook with { Program = _bench.Folder["missing"] });

    [Fact]
    public Task A_hook_that_is_no_program() => FailsAsync(
        "",
        HookFailure.NotStarted,
        "can't be started: Permission denied.",
        hook => hook with { Program = hook.Arguments[0] });

    [Theory]
    [InlineData(" ", 1, 1, 1, 0, "Store.Program is ' '; a path or a name is expected.")]
    [InlineData("sh", 0, 1, 1, 0, "Store.TimeLimit is 00:00:00; more than 0 is expected.")]
    [InlineData("sh", 1, 0, 1, 0, "Store.MaxProcesses is 0; 1 to 1000 is expected.")]
    [InlineData("sh", 1, 1001, 1, 0, "Store.MaxProcesses is 1001; 1 to 1000 is expected.")]
    [InlineData("sh", 1, 1, 0, 0, "Store.MaxLineBytes is 0; 1 to 16777216 is expected.")]
    [InlineData("sh", 1, 1, 1, -1, "Store.MaxErrorBytes is -1; 0 to 1048576 is expected.")]
    public void Options_out_of_range_are_refused(
        string program, int seconds, int processes, int output, int errors, string message)
    {
        var hook = new HookCommand
        {
            Program = program,
            TimeLimit = TimeSpan.FromSeconds(seconds),
            MaxProcesses = processes,
            MaxLineBytes = output,
            MaxErrorBytes = errors,
        };

        var error = Assert.Throws<ArgumentException>(() => _bench.Storage(hook));

        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private async Task FailsAsync(
        string script, HookFailure failure, string sentence, Func<HookCommand, HookCommand>? change = null)
    {
        var hook = _bench.Script(script);
        hook = change?.Invoke(hook) ?? hook;

        var (_, error) = await _bench.Storage(hook).Store(Download(1_000)).RecordAsync();

        var thrown = Assert.IsType<HookException>(error);
        Assert.Equal((failure, $"The store hook '{hook.Program}' {sentence}"), (thrown.Failure, thrown.Message));
    }
}
