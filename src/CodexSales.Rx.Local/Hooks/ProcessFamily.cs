using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>A process and whatever it started, also what outlived its own parent.</summary>
/// <remarks>A hook is started with a mark in its environment, which all that it starts inherits. They are found by that mark
/// on systems whose <c>/proc</c> shows the environment of processes, and only by their parents elsewhere.</remarks>
internal sealed class ProcessFamily
{
    public const string Variable = "CODEX_SALES_HOOK";

    // A killed process may be seen once more while it goes, and may have started another one just before.
    private const int MaxRounds = 50;

    private static int _lastNumber;

    private readonly byte[] _entry;

    // By the owner's name, a later process finds what this one has left; null for nobody.
    public ProcessFamily(string? owner)
    {
        Mark = string.Create(
            CultureInfo.InvariantCulture,
            $"{OwnerMark(owner)}{Environment.ProcessId}-{Interlocked.Increment(ref _lastNumber)}");
        _entry = [.. Encoding.ASCII.GetBytes($"{Variable}={Mark}"), 0];
    }

    public string Mark { get; }

    /// <summary>Kills what earlier processes of an owner have left.</summary>
    /// <returns>How many there were.</returns>
    public static int EndOrphans(string owner)
    {
        var (entry, killed) = (Encoding.ASCII.GetBytes($"{Variable}={OwnerMark(owner)}"), new HashSet<int>());
        for (var round = 0; round < MaxRounds && FindProcesses(entry) is { Count: > 0 } found; round++)
        {
            found.ForEach(Kill);
            killed.UnionWith(found);
        }

        return killed.Count;
    }

    public void Kill(Process eldest)
    {
        if (!eldest.HasExited)
        {
            IfStillThere(() => eldest.Kill(entireProcessTree: true));
        }

        for (var round = 0; round < MaxRounds && FindProcesses(_entry) is { Count: > 0 } found; round++)
        {
            found.ForEach(Kill);
        }
    }

    // A name of any kind becomes digits: what is in an environment is seen by others.
    private static string OwnerMark(string? owner) =>
        owner is null ? "" : $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(owner)))[..16]}-";

    private static List<int> FindProcesses(byte[] entry) => Directory.Exists("/proc/self")
        ? [.. Directory.EnumerateDirectories("/proc").Select(NumberOf).OfType<int>().Where(number => HasMark(number, entry))]
        : [];

    private static bool HasMark(int process, byte[] entry)
    {
        var isOfFamily = false;
        IfStillThere(() =>
        {
            var environment = File.ReadAllBytes(
                string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/environ"));
            isOfFamily = environment.AsSpan().IndexOf(entry) >= 0;
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
