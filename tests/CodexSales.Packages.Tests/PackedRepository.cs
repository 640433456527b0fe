using System.IO.Compression;

namespace CodexSales.Packages.Tests;

/// <summary>The packages of this repository, packed in two folders.</summary>
public sealed class PackedRepository : IAsyncLifetime
{
    private readonly string _temporary = Directory.CreateTempSubdirectory("codexsales-packages-").FullName;

    public string First => Path.Combine(_temporary, "first");

    public string Second => Path.Combine(_temporary, "second");

    /// <summary>The version of all of them.</summary>
    public string Version { get; private set; } = "";

    public static string Root { get; } = FindRoot();

    public async ValueTask InitializeAsync()
    {
        await PackAsync("one", First);
        await PackAsync("another/one/further/down", Second);
        const string core = "CodexSales.Rx.Local.";
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(First, $"{core}*.nupkg").Single())[core.Length..];
    }

    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_temporary, name)).FullName;

    /// <summary>What a file of a package says.</summary>
    public static string Read(string package, string name)
    {
        using var archive = ZipFile.OpenRead(package);
        using var reader = new StreamReader(archive.Entries.Single(entry => entry.FullName == name).Open());
        return reader.ReadToEnd();
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_temporary, recursive: true);
        return ValueTask.CompletedTask;
    }

    // The files as they are, committed or not.
    private async Task PackAsync(string folder, string packages)
    {
        var clone = Path.Combine(_temporary, folder);
        await Commands.RunAsync(_temporary, "git", "clone", "-q", "--no-checkout", Root, clone);
        var files = await Commands.RunAsync(Root, "git", "ls-files", "-z", "-c", "-o", "--exclude-standard");
        foreach (var file in files.Split('\0').Where(file => File.Exists(Path.Combine(Root, file))))
        {
            var copy = Path.Combine(clone, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Root, file), copy);
        }

        await Commands.BuildAsync(clone, "pack", "CodexSales.Rx.sln", "-o", packages, "-p:RunAnalyzers=false");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CodexSales.Rx.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
