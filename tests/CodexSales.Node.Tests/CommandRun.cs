using CodexSales.Node.Cli;
using CodexSales.Rx.Testing.Time;

namespace CodexSales.Node.Tests;

/// <summary>The program as a user runs it, but in this process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public IEnumerable<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static string Recording(string name) => Path.Combine(AppContext.BaseDirectory, "Recording", name);

    /// <summary>The first lines of the recorded logs.</summary>
    public static string[] FirstLogs(int count) => [.. File.ReadLines(Recording("logs.jsonl")).Take(count)];

    public static async Task<CommandRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var environment = new CliEnvironment { Output = output, Error = error, WallClock = new VirtualTime() };
        var exitCode = await CommandLine.RunAsync(arguments, environment, TestContext.Current.CancellationToken);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The recording as JSON lines.</summary>
    public static Task<CommandRun> ReplayAsync(params string[] arguments) => OfAsync(
    [
        "replay", "--output", "jsonl", "--logs", Recording("logs.jsonl"), "--blocks", Recording("blocks.jsonl"),
        .. arguments,
    ]);
}
