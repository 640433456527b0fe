using System.Reactive;
using System.Reactive.Subjects;
using System.Runtime.InteropServices;
using System.Text;
using CodexSales.Node;
using CodexSales.Node.Cli;
using Microsoft.Extensions.Configuration;
using Spectre.Console;

const long OneInterruption = 1_000; // Milliseconds.
var firstInterrupted = 0L;
using var cancellation = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
using var reloads = new Subject<Unit>();
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp);

#pragma warning disable RS0030 // The one place that gives out the machine's clock: what people watch is paced by it.
var wallClock = TaskPoolScheduler.Default;
#pragma warning restore RS0030

#pragma warning disable CA2000 // Nothing waits in it; to dispose of one that is full or gone throws once more.
var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
#pragma warning restore CA2000
return await CommandLine.RunAsync(
    args,
    new CliEnvironment
    {
        Output = output,
        Error = Console.Error,
        Progress = Console.IsErrorRedirected ? null : Console.Error,
        Terminal = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi ? AnsiConsole.Console : null,
        WallClock = wallClock,
        Reloads = reloads,
        Environment = new ConfigurationBuilder().AddEnvironmentVariables(CliEnvironment.EnvironmentPrefix).Build(),
        SettingsFile = Path.GetFullPath("appsettings.json"),
    },
    cancellation.Token).ConfigureAwait(false);

// Once asks it to end; a second time ends it at once, as the signal does by itself. A signal to a program and then to its
// whole group, as timeout(1) and many a supervisor send it, is heard twice and means one.
void Cancel(PosixSignalContext signal)
{
    if (!cancellation.IsCancellationRequested)
    {
        firstInterrupted = Environment.TickCount64;
        signal.Cancel = true;
        cancellation.Cancel();
    }
    else
    {
        signal.Cancel = Environment.TickCount64 - Volatile.Read(ref firstInterrupted) < OneInterruption;
    }
}

// A terminal that goes away ends it. Where there was none, it is how a service is told to read its options again.
void HangUp(PosixSignalContext signal)
{
    if (Console.IsInputRedirected && reloads.HasObservers && !cancellation.IsCancellationRequested)
    {
        signal.Cancel = true;
        reloads.OnNext(Unit.Default);
    }
    else
    {
        Cancel(signal);
    }
}

// Nobody's to use: ASP.NET would make it public, for tests.
internal sealed partial class Program;
