namespace CodexSales.Rx.Local.Tests;

/// <summary>A folder for one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("codex-sales-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string contents)
    {
        File.WriteAllText(this[name], contents);
        return this[name];
    }

    public void Write(string name, byte[] contents) => File.WriteAllBytes(this[name], contents);

    /// <summary>The processes that work in this folder.</summary>
    public IReadOnlyList<string> Processes()
    {
        return [.. Directory.EnumerateDirectories("/proc").Where(process => FolderOf(process) == Path)];

        static string? FolderOf(string process)
        {
            try
            {
                return new FileInfo(System.IO.Path.Combine(process, "cwd")).LinkTarget;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public void Dispose() => Assert.True(SpinWait.SpinUntil(IsDeleted, TimeSpan.FromSeconds(30)), $"{Path} can't be deleted.");

    // A hook that was started as its test ended writes a file now and then before it is killed.
    private bool IsDeleted()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
