using System.CommandLine;
using CodexSales.Node.Cli;
using CodexSales.Node.Demo;
using CodexSales.Node.Marbles;
using CodexSales.Node.Replay;
using CodexSales.Node.Run;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Testing.Marbles;

namespace CodexSales.Node;

/// <summary>The program as it is called.</summary>
internal static class CommandLine
{
    // What begins with @ is a value like any other: no file is read for it.
    private static readonly ParserConfiguration _parsing = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program.</summary>
    /// <param name="arguments">What it was told.</param>
    /// <param name="surroundings">What it sees of the world.</param>
    /// <param name="cancelled">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, CliEnvironment surroundings, CancellationToken cancelled)
    {
        var root = MakeRoot(surroundings);
        var parsed = root.Parse(arguments, _parsing);
        var invocation = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            Func<string, string> attribute = complaint => complaint;
            if (parsed.CommandResult.Command.Name == RunCommand.Name)
            {
                var settings = RunSettings.Read(parsed, surroundings);
                parsed = root.Parse([.. arguments, .. settings.Arguments], _parsing);
                attribute = settings.Attribute;
                foreach (var warning in settings.Warnings)
                {
                    await surroundings.ComplainAsync(warning).ConfigureAwait(false);
                }
            }

            return CommandLineErrors.About(parsed) is { } complaint
                ? await ComplainAsync(surroundings, attribute(complaint)).ConfigureAwait(false)
                : await parsed.InvokeAsync(invocation, cancelled).ConfigureAwait(false);
        }
        catch (Exception badInput)
            when (badInput is ReplayInputException or MarbleFormatException or CannotRunException)
        {
            return await ComplainAsync(surroundings, badInput.Message).ConfigureAwait(false);
        }
        catch (ChainUntrustedException untrusted)
        {
            await surroundings.ComplainAsync(untrusted.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (StopFailedException failed)
        {
            await surroundings.ComplainAsync(failed.Message).ConfigureAwait(false);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // An output that is full or gone, as a rule: all files that are named have sentences of their own.
            await surroundings.ComplainAsync($"Not all could be told or read: {gone.GetBaseException().Message}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static RootCommand MakeRoot(CliEnvironment surroundings)
    {
        var demo = new Command("demo", "Shows a market day: clients, other hosts, and ours with two availabilities");
        var root = new RootCommand(
            "Sells a storage provider's free space on the Codex marketplace. Without a command it runs the demo.")
        {
            new DemoCommand().AddTo(demo, surroundings),
            new ReplayCommand().Make(surroundings),
            new RunCommand().Make(surroundings),
            new AvailabilityCommand().Make(surroundings),
            new MarblesCommand().Make(surroundings),
        };
        return new DemoCommand().AddTo(root, surroundings);
    }

    private static async Task<int> ComplainAsync(CliEnvironment surroundings, string sentence)
    {
        await surroundings.ComplainAsync(sentence).ConfigureAwait(false);
        return ExitCode.BadInput;
    }
}
