using CodexSales.Node.Cli;
using CodexSales.Node.Tests.Replay;
using CodexSales.Node.Tests.Run;
using CodexSales.Rx.Testing.Time;
using static CodexSales.Node.Tests.CommandRun;
using static CodexSales.Node.Tests.Replay.Lines;

namespace CodexSales.Node.Tests.Cli;

/// <summary>What is said of a command that can't be done: one sentence that names it, and exit code 2.</summary>
public sealed class BadInputTests : IDisposable
{
    private const string Good = "size=8GiB,duration=30d,price=1,collateral=1000000";

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task An_error_output_that_is_gone_changes_no_exit_code()
    {
        await using var gone = new GoneOutput();
        var environment = new CliEnvironment { Output = TextWriter.Null, Error = gone, WallClock = new VirtualTime() };

        Assert.Equal(2, await CommandLine.RunAsync(["bogus"], environment, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("bogus", "'bogus' is given, but demo, replay, run, availability, marbles, status, queue, sales, history, workers, pause, resume, alerts, completion, backup or restore is expected as the command.")]
    [InlineData("marbles", "marbles: check, accept or draw is expected after it.")]
    [InlineData("marbles bogus", "'bogus' is given, but check, accept or draw is expected after marbles.")]
    [InlineData("marbles check bogus", "bogus: not there, but a specification or a folder of .marble files is expected.")]
    [InlineData(
        "--bogus",
        "--bogus: not known to demo, which expects options out of --days, --speed, --seed, --requests-per-hour, "
            + "--workers, --queue-size, --listen, --token-file, --allow-origin, --path-base, --trusted-proxy.")]
    [InlineData(
        "replay --logs x --availability size=1,duration=1,price=1,collateral=1 --bogus",
        "--bogus: not known to replay, which expects options out of --logs, --blocks, --availability, --observe, "
            + "--workers, --queue-size, --output, --marketplace, --repair-reward.")]
    [InlineData("completion bash extra", "extra: not known to bash, which expects nothing more.")]
    [InlineData("replay", "--logs: not given, but --logs FILE is expected.")]
    [InlineData("replay --logs x", "--availability: not given, but --availability SPEC is expected.")]
    [InlineData("replay --logs", "--logs: given without a value, but FILE is expected after it.")]
    [InlineData("replay --logs --observe", "--logs: given without a value, but FILE is expected after it.")]
    [InlineData(
        "replay --logs x --availability --workers 3",
        "--availability: given without a value, but SPEC is expected after it.")]
    [InlineData("replay --logs x --logs y", "--logs: given 2 times, but expected only once.")]
    [InlineData("demo --workers 0", "--workers: '0' is given, but a whole number from 1 to 1000 is expected.")]
    [InlineData("demo --workers 2.5", "--workers: '2.5' is given, but a whole number from 1 to 1000 is expected.")]
    [InlineData(
        "demo --queue-size 1000001",
        "--queue-size: '1000001' is given, but a whole number from 1 to 1000000 is expected.")]
    [InlineData(
        "run --rpc http://127.0.0.1:1 --marketplace 0x0000000000000000000000000000000000000001 --final-blocks 0",
        "--final-blocks: '0' is given, but a whole number from 1 to 100000 is expected.")]
    [InlineData(
        "run --rpc http://127.0.0.1:1 --marketplace 0x0000000000000000000000000000000000000001 --final-seconds 30m",
        "--final-seconds: '30m' is given, but a whole number from 0 to 604800 is expected.")]
    [InlineData("demo --days 0", "--days: '0' is given, but a number from 0.01 to 365 is expected.")]
    [InlineData("demo --days many", "--days: 'many' is given, but a number from 0.01 to 365 is expected.")]
    [InlineData("demo --speed -1", "--speed: '-1' is given, but a number from 1 to 1000000 is expected.")]
    [InlineData(
        "demo --seed 2147483648",
        "--seed: '2147483648' is given, but a whole number from 0 to 2147483647 is expected.")]
    public async Task A_command_line_that_is_wrong(string commandLine, string sentence) =>
        AssertRefused(await OfAsync(commandLine.Split(' ')), sentence);

    [Theory]
    [InlineData("--workers", "-1", "--workers: '-1' is given, but a whole number from 1 to 1000 is expected.")]
    [InlineData(
        "--repair-reward",
        "101",
        "--repair-reward: '101' is given, but a whole number from 0 to 100 is expected.")]
    [InlineData("--output", "xml", "--output: 'xml' is given, but text or jsonl is expected.")]
    [InlineData(
        "--marketplace",
        "0x12",
        "--marketplace: '0x12' is given, but an address is expected: 0x and 40 hexadecimal digits.")]
    [InlineData(
        "--availability",
        "size=-1,duration=30d,price=1,collateral=1",
        "--availability: size is '-1', but a whole number of bytes, or one with a unit "
            + "out of B, KiB, MiB, GiB, TiB, is expected.")]
    [InlineData(
        "--availability",
        "size=18446744073709551616,duration=30d,price=1,collateral=1",
        "--availability: size is '18446744073709551616', but at most 18446744073709551615 bytes are expected.")]
    [InlineData(
        "--availability",
        "size=1GB,duration=30d,price=1,collateral=1",
        "--availability: size is '1GB', but a whole number of bytes, or one with a unit "
            + "out of B, KiB, MiB, GiB, TiB, is expected.")]
    [InlineData(
        "--availability",
        Good + ",id=v1",
        "--availability: id is 'v1' twice, but each id is expected only once.")]
    public async Task A_value_that_is_wrong(string option, string value, string sentence) =>
        AssertRefused(await OfAsync("replay", "--logs", "x", "--availability", Good, option, value), sentence);

    [Fact]
    public async Task A_file_that_is_not_there()
    {
        var logs = _files.PathOf("none");

        AssertRefused(
            await OfAsync("replay", "--logs", logs, "--availability", Good),
            $"{logs}: a file with a JSON-RPC log object on each line is expected, but it does not exist.");
    }

    [Fact]
    public async Task A_file_that_is_a_directory() => AssertRefused(
        await OfAsync("replay", "--logs", _files.Root, "--availability", Good),
        $"{_files.Root}: a file with a JSON-RPC log object on each line is expected, but it is a directory.");

    [Fact]
    public async Task A_line_that_is_no_JSON_after_lines_that_are_told_all_the_same()
    {
        var logs = _files.Write("logs", [.. FirstLogs(100), "oops"]);

        var run = await OfAsync("replay", "--observe", "--output", "jsonl", "--logs", logs, "--availability", Good);

        Assert.Equal(
            (2, $"{logs}, line 101: a JSON-RPC log object is expected, but it is not JSON from byte 0 on.\n"),
            (run.ExitCode, run.Error));
        Assert.NotEmpty(run.Output);
    }

    [Fact]
    public async Task Blocks_that_are_out_of_order()
    {
        var logs = _files.Write("logs", Log(1, 0, 100));
        var blocks = _files.Write("blocks", Block(1, 100), Block(3, 102), Block(2, 101));

        var run = await OfAsync("replay", "--observe", "--logs", logs, "--blocks", blocks, "--availability", Good);

        Assert.Equal(
            (2, $"{blocks}, line 3: a block after 3 is expected, but this one is 2.\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public async Task A_log_that_does_not_decode_is_told_and_skipped()
    {
        var logs = _files.Write("logs", Log(1, 0, 100, data: "0x"), Log(2, 3, 101));

        var run = await OfAsync("replay", "--observe", "--output", "jsonl", "--logs", logs, "--availability", Good);

        Assert.Equal(
            (0, "Block 1, log 0: ProofSubmitted has 0 bytes of data; 32 are expected. It is skipped.\n"),
            (run.ExitCode, run.Error));
        Assert.Contains("\"ProofSubmitted\":1,", run.Output, StringComparison.Ordinal);
        Assert.Contains("\"undecodable\":1,", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_files_are_replayed()
    {
        var logs = _files.Write("logs");

        var run = await OfAsync("replay", "--output", "jsonl", "--logs", logs, "--availability", Good);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("{\"type\":\"summary\"", Assert.Single(run.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("demo --help")]
    [InlineData("replay --help")]
    public async Task Help_tells_ranges_and_defaults(string commandLine)
    {
        var run = await OfAsync(commandLine.Split(' '));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("1 to 1000 [default: 3]", run.Output, StringComparison.Ordinal);
    }

    private static void AssertRefused(CommandRun run, string sentence) =>
        Assert.Equal((2, "", sentence + "\n"), (run.ExitCode, run.Output, run.Error));

    private sealed class GoneOutput : StringWriter
    {
        public override Task WriteLineAsync(string? value) => throw new IOException("Broken pipe");
    }

    [Theory]
    [InlineData("demo", "--days", "0.01")]
    [InlineData("--help")]
    public async Task An_output_that_is_full_is_told_and_ends_it_with_1(params string[] arguments)
    {
        Needs.Linux("/dev/full");
        await using var program = RunningProgram.StartWithFullOutput(Path.GetTempPath(), arguments);

        Assert.Equal(1, await program.EndAsync());
        Assert.Equal("Not all could be told or read: No space left on device", $"{program.Lines}".Trim());
    }
}
