using System.Reactive.Concurrency;
using Spectre.Console;

namespace CodexSales.Node.Commands;

/// <summary>All that a command sees of the world around it.</summary>
internal sealed record Surroundings
{
    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where complaints go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where progress is shown; null where nobody watches.</summary>
    public TextWriter? Progress { get; init; }

    /// <summary>The terminal for a live table; null when the output is none.</summary>
    public IAnsiConsole? Terminal { get; init; }

    /// <summary>Paces what people watch.</summary>
    public required IScheduler WallClock { get; init; }
}
