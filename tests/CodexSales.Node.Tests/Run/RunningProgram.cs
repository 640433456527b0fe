using System.Diagnostics;
using System.Globalization;

namespace CodexSales.Node.Tests.Run;

/// <summary>The program as a process of its own.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    private readonly Process _process;

    private RunningProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Lines.Add(line.Data);
        process.ErrorDataReceived += (_, line) => Lines.Add(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it tells, errors included.</summary>
    public ToldLines Lines { get; } = new();

    public static RunningProgram Start(string folder, params IEnumerable<string> arguments) =>
        Start(ProgramFile, folder, arguments);

    /// <summary>The same, with a hang-up that is heard: who runs the tests may ignore it, which is inherited.</summary>
    public static RunningProgram StartWithHangUp(string folder, params IEnumerable<string> arguments) =>
        Start("env", folder, ["--default-signal=HUP", ProgramFile, .. arguments]);

    /// <summary>The same, with an output that is full.</summary>
    public static RunningProgram StartWithFullOutput(string folder, params IEnumerable<string> arguments) =>
        Start("sh", folder, ["-c", "exec \"$0\" \"$@\" > /dev/full", ProgramFile, .. arguments]);

    /// <summary>
    /// Interrupts it: by SIGTERM, which it takes for Ctrl-C, and which it never inherits as one to be ignored.
    /// </summary>
    public void Interrupt() => Signal("TERM");

    public void Signal(string name) => Process.Start("kill", [$"-{name}", $"{Id}"]).Dispose();

    /// <summary>Sends it a signal, and at once another one.</summary>
    public void Signal(string first, string second) =>
        Process.Start("sh", ["-c", $"kill -{first} {Id}; kill -{second} {Id}"]).Dispose();

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        try
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The program does not end. What it told:\n{Lines}");
        }

        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string ProgramFile => Path.Combine(AppContext.BaseDirectory, "CodexSales.Node");

    private static RunningProgram Start(string program, string folder, IEnumerable<string> arguments)
    {
        Needs.Unix("signals");
        return new RunningProgram(Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, // As a service has it: no terminal.
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    private string Id => _process.Id.ToString(CultureInfo.InvariantCulture);
}
