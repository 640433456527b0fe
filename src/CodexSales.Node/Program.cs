using System.Reactive.Concurrency;
using System.Runtime.InteropServices;
using System.Text;
using CodexSales.Node.Commands;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);

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
        Environment = new ConfigurationBuilder().AddEnvironmentVariables(Surroundings.EnvironmentPrefix).Build(),
        SettingsFile = Path.GetFullPath("appsettings.json"),
    },
    cancellation.Token).ConfigureAwait(false);

// Once asks it to end; a second time ends it at once, as the signal does by itself.
void Cancel(PosixSignalContext signal)
{
    if (!cancellation.IsCancellationRequested)
    {
        signal.Cancel = true;
        cancellation.Cancel();
    }
}
