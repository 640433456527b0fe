using System.Reactive.Concurrency;
using System.Text;
using CodexSales.Node.Commands;
using Spectre.Console;

using var cancellation = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    cancellation.Cancel();
};

#pragma warning disable RS0030 // The one place that gives out the machine's clock: what people watch is paced by it.
var wallClock = TaskPoolScheduler.Default;
#pragma warning restore RS0030

using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
return await CommandLine.RunAsync(
    args,
    new Surroundings
    {
        Output = output,
        Error = Console.Error,
        Progress = Console.IsErrorRedirected ? null : Console.Error,
        Terminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi ? AnsiConsole.Console : null,
        WallClock = wallClock,
    },
    cancellation.Token).ConfigureAwait(false);
