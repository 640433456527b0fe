using System.CommandLine;
using CodexSales.Node.Backup;
using CodexSales.Node.Cli;
using CodexSales.Node.Demo;
using CodexSales.Node.Marbles;
using CodexSales.Node.Remote;
using CodexSales.Node.Replay;
using CodexSales.Node.Run;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Testing.Marbles;
using Microsoft.Extensions.Options;

namespace CodexSales.Node;

/// <summary>The program as it is called.</summary>
internal static class CommandLine
{
    // A value that begins with @ is one like any other: no file is read for it.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program, and gives its exit code.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, CliEnvironment environment, CancellationToken cancelled)
    {
        try
        {
            return await ParseAndInvokeAsync(arguments, environment, cancelled).ConfigureAwait(false);
        }
        catch (Exception badInput) when (badInput is ReplayInputException or MarbleFormatException or CannotSellException)
        {
            return await ComplainAsync(environment, OptionNames.Translate(badInput.Message)).ConfigureAwait(false);
        }
        catch (OptionsValidationException wrong)
        {
            return await ComplainAsync(environment, OptionNames.Translate(string.Join(' ', wrong.Failures))).ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is ChainUntrustedException or StopFailedException)
        {
            await environment.ComplainAsync(failed.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // An output that is full or gone, as a rule: all files that are named have sentences of their own.
            await environment.ComplainAsync($"Not all could be told or read: {gone.GetBaseException().Message}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> ParseAndInvokeAsync(
        IReadOnlyList<string> arguments, CliEnvironment environment, CancellationToken cancelled)
    {
        var root = MakeRoot(environment, arguments);
        var parsed = root.Parse(arguments, _parsing);
        var complaint = CommandLineErrors.About(parsed);
        if (parsed.CommandResult.Command.Name == RunCommand.Name)
        {
            (parsed, complaint, var warnings) = RunSettings.Merge(root, arguments, _parsing, environment);
            foreach (var warning in warnings)
            {
                await environment.ComplainAsync(warning).ConfigureAwait(false);
            }
        }

        var invocation = new InvocationConfiguration
        {
            Output = environment.Output,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        return complaint is null
            ? await parsed.InvokeAsync(invocation, cancelled).ConfigureAwait(false)
            : await ComplainAsync(environment, complaint).ConfigureAwait(false);
    }

    private static RootCommand MakeRoot(CliEnvironment environment, IReadOnlyList<string> arguments)
    {
        var remote = new RemoteVerbs(environment);
        var demo = new Command("demo", "Shows a market day: clients, other hosts, and ours with two availabilities");
        var root = new RootCommand(
            "Sells a storage provider's free space on the Codex marketplace. Without a command it runs the demo.")
        {
            new DemoCommand().AddTo(demo, environment),
            new ReplayCommand().Make(environment),
            new RunCommand(arguments).Make(environment),
            new AvailabilityVerbs(remote).AddTo(new AvailabilityCommand().Make(environment)),
            new MarblesCommand().Make(environment),
            StatusVerb.Make(remote),
            new ListVerbs(remote).Queue(),
            new ListVerbs(remote).Sales(),
            new ListVerbs(remote).History(),
            new WorkerVerbs(remote).Workers(),
            new WorkerVerbs(remote).Pause(),
            new WorkerVerbs(remote).Resume(),
            new AlertVerbs(remote).Alerts(),
            CompletionVerb.Make(environment),
        };
        foreach (var command in new BackupCommand().Make(environment))
        {
            root.Add(command);
        }

        return new DemoCommand().AddTo(root, environment);
    }

    private static async Task<int> ComplainAsync(CliEnvironment environment, string sentence)
    {
        await environment.ComplainAsync(sentence).ConfigureAwait(false);
        return ExitCode.BadInput;
    }
}
