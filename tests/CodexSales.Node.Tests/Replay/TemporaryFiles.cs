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

    public void Dispose() => _directory.Delete(recursive: true);
}
