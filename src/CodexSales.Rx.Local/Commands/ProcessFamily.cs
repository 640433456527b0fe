using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CodexSales.Rx.Local.Commands;

/// <summary>A process and whatever it started, also what outlived its own parent.</summary>
/// <remarks>
/// Each hook is started with a mark in its environment, which everything that it starts inherits. Where <c>/proc</c>
/// tells the environment of processes, they are found by that mark; elsewhere only by who is whose parent.
/// </remarks>
internal sealed class ProcessFamily
{
    /// <summary>The variable of the mark.</summary>
    public const string Variable = "CODEX_SALES_HOOK";

    // What was killed may be seen once more while it goes, and may have started another one just before.
    private const int MaxRounds = 50;

    private static int _lastNumber;

    private readonly byte[] _entry;

    public ProcessFamily()
    {
        Mark = string.Create(
            CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _lastNumber)}");
        _entry = [.. System.Text.Encoding.ASCII.GetBytes($"{Variable}={Mark}"), 0];
    }

    /// <summary>What the variable is set to.</summary>
    public string Mark { get; }

    /// <summary>Kills every process of the family that there still is.</summary>
    public void Kill(Process eldest)
    {
        if (!eldest.HasExited)
        {
            IfStillThere(() => eldest.Kill(entireProcessTree: true));
        }

        for (var round = 0; round < MaxRounds && FindProcesses() is { Count: > 0 } found; round++)
        {
            found.ForEach(Kill);
        }
    }

    private List<int> FindProcesses() => Directory.Exists("/proc/self")
        ? [.. Directory.EnumerateDirectories("/proc").Select(NumberOf).OfType<int>().Where(IsOfFamily)]
        : [];

    private bool IsOfFamily(int process)
    {
        var isOfFamily = false;
        IfStillThere(() =>
        {
            var environment = File.ReadAllBytes(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/environ"));
            isOfFamily = environment.AsSpan().IndexOf(_entry) >= 0;
        });
        return isOfFamily;
    }

    private static void Kill(int number) => IfStillThere(() =>
    {
        using var process = Process.GetProcessById(number);
        process.Kill();
    });

    private static int? NumberOf(string directory) =>
        int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // Processes end at any moment, and those of other users are none of ours.
    private static void IfStillThere(Action look)
    {
        try
        {
            look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException
            or InvalidOperationException or Win32Exception or AggregateException)
        {
        }
    }
}
