using System.Diagnostics;

namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>A disk in memory of some megabytes, which is gone after the test. Only for Linux, and who may mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("codexsales-");
    private readonly bool _isMounted;

    public SmallDisk(int megabytes)
    {
        _isMounted = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", _folder.FullName);
        Assert.SkipUnless(_isMounted, "Disks can't be mounted here.");
    }

    public string File(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Somebody writes until nothing more is taken.</summary>
    public void Fill()
    {
        using var file = System.IO.File.OpenHandle(File("filler"), FileMode.OpenOrCreate, FileAccess.Write);
        var length = RandomAccess.GetLength(file);
        try
        {
            for (var bytes = new byte[4096]; true; length += bytes.Length)
            {
                RandomAccess.Write(file, bytes, length);
            }
        }
        catch (IOException)
        {
        }
    }

    /// <summary>And deletes it again.</summary>
    public void Empty() => System.IO.File.Delete(File("filler"));

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", _folder.FullName);
        }

        _folder.Delete(recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
