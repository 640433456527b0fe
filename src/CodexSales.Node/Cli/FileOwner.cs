using System.Runtime.InteropServices;

namespace CodexSales.Node.Cli;

/// <summary>The owner of a file; nobody on a system that does not tell.</summary>
/// <remarks>Source: statx(2) of Linux, whose structure is the same on all machines.</remarks>
internal static class FileOwner
{
    private const int FromWorkingFolder = -100;
    private const uint WantsOwner = 8;
    private const int BufferBytes = 256;
    private const int OwnerOffset = 20;
    private const uint Root = 0;

    /// <summary>Whether a file is of another user than the one who runs this, or root.</summary>
    public static bool IsStranger(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            var found = new byte[BufferBytes];
            return statx(FromWorkingFolder, path, 0, WantsOwner, found) == 0
                && BitConverter.ToUInt32(found, OwnerOffset) is var owner && owner != Root && owner != geteuid();
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054, CA2101, IDE1006 // The generator needs unsafe code; the names are the system's.
    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] found);

    [DllImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint geteuid();
#pragma warning restore SYSLIB1054, CA2101, IDE1006
}
