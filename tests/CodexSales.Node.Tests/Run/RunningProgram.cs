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
        new(Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "CodexSales.Node"), arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>
    /// Interrupts it: by SIGTERM, which it takes for Ctrl-C, and which it never inherits as one to be ignored.
    /// </summary>
    public void Interrupt() => Process.Start("kill", ["-TERM", $"{Id}"]).Dispose();

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

    private string Id => _process.Id.ToString(CultureInfo.InvariantCulture);
}
