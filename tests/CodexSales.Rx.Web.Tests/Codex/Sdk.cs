using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CodexSales.Rx.Web.Tests.Codex;

/// <summary>The JavaScript SDK of <c>tests/sdk</c>, installed when a test first needs it, once for all processes that test at the same time.</summary>
internal static class Sdk
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly Lazy<string> _folder = new(Install);

    /// <summary>Asks a host with it; what it was told.</summary>
    public static async Task<JsonElement> AskAsync(Uri host, string? token = null)
    {
        using var process = Start(_folder.Value, "node", ["sdk.mjs", host.GetLeftPart(UriPartial.Authority), .. token is null ? [] : new[] { token }]);
        var (told, complaints) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode == 0
            ? JsonDocument.Parse(await told).RootElement
            : throw new InvalidOperationException($"The SDK ended with {process.ExitCode}: {await complaints}");
    }

    private static string Install()
    {
        var folder = FindFolder();
        var lockFile = SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "package-lock.json")));
        var wanted = Convert.ToHexStringLower(lockFile);
        using var mutex = new Mutex(false, $@"Global\codexsales-sdk-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]}");
        try
        {
            mutex.WaitOne(Patience);
        }
        catch (AbandonedMutexException)
        {
            // The other process died in the middle: without its marker, all of it is done again.
        }

        try
        {
            var marker = Path.Combine(folder, "node_modules", ".installed");
            if (!File.Exists(marker) || File.ReadAllText(marker) != wanted)
            {
                using var npm = Start(folder, OperatingSystem.IsWindows() ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"]);
                npm.BeginOutputReadLine();
                var complaints = npm.StandardError.ReadToEnd();
                npm.WaitForExit();
                Assert.True(npm.ExitCode == 0, $"'npm ci' in {folder} failed: {complaints}");
                File.WriteAllText(marker, wanted);
            }
        }
        finally
        {
            mutex.ReleaseMutex();
        }

        return folder;
    }

    private static Process Start(string folder, string program, IEnumerable<string> arguments) => Process.Start(
        new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;

    private static string FindFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "tests", "sdk");
            if (File.Exists(Path.Combine(candidate, "package-lock.json")))
            {
                return candidate;
            }
        }

        throw new InvalidOperationException($"No folder tests/sdk above {AppContext.BaseDirectory}: run the tests within the repository.");
    }
}
