using System.ComponentModel;
using System.Diagnostics;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>A program that was started, with its three streams. Disposing it leaves nothing of it behind.</summary>
internal sealed class HookProcess : IDisposable
{
    private static readonly StringComparer VariableNames =
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    private readonly Process _process;
    private readonly ProcessFamily _family;
    private bool _isKilled;

    private HookProcess(Process process, ProcessFamily family) => (_process, _family) = (process, family);

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Errors => _process.StandardError.BaseStream;

    /// <summary>Its exit code. On Unix, 128 and the signal's number after a signal.</summary>
    public int ExitCode => _process.ExitCode;

    /// <exception cref="Win32Exception">It can't be started.</exception>
    public static HookProcess Start(HookCommand hook)
    {
        var family = new ProcessFamily(hook.Owner);
        var start = new ProcessStartInfo(hook.Program, hook.Arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Except(hook.EnvironmentNames, VariableNames).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment[ProcessFamily.Variable] = family.Mark;
        return new HookProcess(Process.Start(start)!, family);
    }

    public async Task TellAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            var stream = _process.StandardInput.BaseStream;
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(input, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // A hook need not read what it is told; how it ends says whether that was right.
        }
    }

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Kills it and whatever it started, as far as that is still there. Doesn't wait.</summary>
    public void Kill()
    {
        if (!_isKilled)
        {
            _isKilled = true;
            _family.Kill(_process);
        }
    }

    public void Dispose()
    {
        Kill();

        // Streams that were asked for belong to whoever did; the process leaves them open.
        _process.StandardInput.BaseStream.Dispose();
        Output.Dispose();
        Errors.Dispose();
        _process.Dispose();
    }
}
