using System.Diagnostics;
using System.Text;

namespace CodexSales.Node.Tests.Replay;

/// <summary>A directory of a test's own that goes away with it.</summary>
internal sealed class TemporaryFiles : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("codexsales-");

    public string Root => _directory.FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    public string Write(string name, params string[] lines) =>
        WriteText(name, string.Concat(lines.Select(line => line + "\n")));

    public string WriteText(string name, string text)
    {
        File.WriteAllBytes(PathOf(name), Encoding.UTF8.GetBytes(text));
        return PathOf(name);
    }

    /// <summary>A script that may be run at once.</summary>
    public async Task<string> WriteScriptAsync(string name, string script)
    {
        Needs.Unix("scripts that begin with #!");

        // Whoever writes a file and starts another program at the same time lends it to that one for a moment: the file counts as
        // being written, and may not be started. So another process writes this one.
        using var copy = Process.Start("install", ["-m", "755", WriteText($"{name}.txt", script), PathOf(name)]);
        await copy.WaitForExitAsync();
        return PathOf(name);
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
