using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>The sample of an ASP.NET Core app as a process of its own, on a free port of this machine.</summary>
internal sealed partial class WebApp : IDisposable
{
    private readonly Process _process;

    private WebApp(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>How many threads it has now.</summary>
    public int Threads
    {
        get
        {
            _process.Refresh();
            return _process.Threads.Count;
        }
    }

    public static async Task<WebApp> StartAsync(
        IEnumerable<string> arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var program = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";
        var start = new ProcessStartInfo(
            program, [Path.Combine(AppContext.BaseDirectory, "web-app.dll"), "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory, RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        return new WebApp(process, await AddressOfAsync(process, cancellationToken));
    }

    /// <summary>Asks it to end as a supervisor does, waits until it has, and gives its exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<Uri> AddressOfAsync(Process process, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            lines.Add(line);
            if (Listening().Match(line) is { Success: true } found)
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None); // Nobody else reads it: the app would wait when it is full.
                return new Uri(found.Groups[1].Value);
            }
        }

        throw new InvalidOperationException(string.Join('\n', lines));
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex Listening();
}
