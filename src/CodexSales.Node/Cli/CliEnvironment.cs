using System.Reactive;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

namespace CodexSales.Node.Cli;

/// <summary>All that a command sees of the world around it.</summary>
internal sealed record CliEnvironment
{
    /// <summary>The beginning of variables of the environment that are options of "run".</summary>
    public const string EnvironmentPrefix = "CODEXSALES_";

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>The writer on which progress is shown; null where nobody watches.</summary>
    public TextWriter? Progress { get; init; }

    /// <summary>The terminal for a live table; null when the output is none.</summary>
    public IAnsiConsole? Terminal { get; init; }

    /// <summary>Options of "run" from the environment.</summary>
    public IConfiguration Environment { get; init; } = new ConfigurationBuilder().Build();

    /// <summary>A file with options of "run", whether it is there or not; null when there is none.</summary>
    public string? SettingsFile { get; init; }

    /// <summary>Each wish to read options again.</summary>
    public IObservable<Unit> Reloads { get; init; } = Observable.Never<Unit>();

    /// <summary>Paces what people watch.</summary>
    public required IScheduler WallClock { get; init; }

    /// <summary>Says what is wrong. An error output that is full or gone changes nothing of what is done, or of the exit code.</summary>
    public async Task ComplainAsync(string sentence)
    {
        try
        {
            await Error.WriteLineAsync(sentence).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // Nobody can be told.
        }
    }
}
