namespace CodexSales.Rx.Local.Files;

/// <summary>Files and folders that nobody but their owner may read. Existing ones keep their modes.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode OfFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfFolders = OfFiles | UnixFileMode.UserExecute;

    /// <summary>Opens a file without a buffer, and makes it so where it is not there.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OfFiles;
        }

        return new FileStream(path, options);
    }

    /// <summary>Makes an empty file.</summary>
    public static void Create(string path) => Open(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None).Dispose();

    /// <summary>Changes a file that an older program left open to others.</summary>
    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(path) is var before && (before & ~OfFiles) != 0)
        {
            File.SetUnixFileMode(path, before & OfFiles);
        }
    }

    /// <summary>Makes a folder so where it is not there; those that it is in are made as usual.</summary>
    /// <exception cref="IOException">A file has the name, or the folder can't be made.</exception>
    public static void CreateFolder(string path)
    {
        if (File.Exists(path))
        {
            throw new IOException($"'{path}' is a file, but a folder is expected.");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OfFolders);
        }
    }
}
