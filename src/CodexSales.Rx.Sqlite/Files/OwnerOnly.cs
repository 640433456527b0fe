namespace CodexSales.Rx.Sqlite.Files;

/// <summary>Files that nobody but their owner may read. SQLite gives the files that it puts beside such a file the same
/// mode.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file, which is made so if it is not there.</summary>
    public static FileStream Open(string path, FileMode mode) => new(path, Options(mode));

    public static void Create(string path) => Open(path, FileMode.CreateNew).Dispose();

    /// <summary>Changes a file that an older program left open to others.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var before && (before & ~Mode) != 0)
        {
            File.SetUnixFileMode(path, before & Mode);
        }
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Mode;
        }

        return options;
    }
}
