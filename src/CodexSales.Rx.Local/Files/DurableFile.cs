using System.Runtime.InteropServices;

namespace CodexSales.Rx.Local.Files;

/// <summary>Changes of files that outlive a loss of power.</summary>
internal static class DurableFile
{
    private const int ReadOnly = 0;

    /// <summary>Gives a file another name, in place of whatever has that name; never half of it.</summary>
    public static void Rename(string path, string newPath)
    {
        File.Move(path, newPath, overwrite: true);
        FlushDirectory(Path.GetDirectoryName(newPath)!);
    }

    /// <summary>Replaces a small file by one with other contents; never half of it.</summary>
    public static void Write(string path, ReadOnlySpan<byte> contents)
    {
        var unfinished = path + ".new";
        using (var file = OwnerOnly.Open(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            file.Write(contents);
            file.Flush(flushToDisk: true);
        }

        Rename(unfinished, path);
    }

    // A name is durable once its directory is flushed. .NET opens no directories; NTFS keeps a journal of names.
    private static void FlushDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var directory = open(path, ReadOnly);
        if (directory < 0)
        {
            throw new IOException($"The directory {path} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var isFlushed = fsync(directory) == 0;
        var trouble = Marshal.GetLastPInvokeErrorMessage();
        _ = close(directory);
        if (!isFlushed)
        {
            throw new IOException($"The directory {path} can't be written to the disk: {trouble}.");
        }
    }

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // The generator needs unsafe code; the names are the system's.
    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int file);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int file);
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
