using System.ComponentModel;
using System.Diagnostics;

namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>A disk in memory of some megabytes, which is gone after the test. Only for Linux, and who may mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("codexsales-");

    public SmallDisk(int megabytes)
    {
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "none", _folder.FullName) is { } refusal)
        {
            _folder.Delete();
            Assert.Skip($"Needs Linux: a small disk, which root can mount: {refusal}");
        }
    }

    public string Root => _folder.FullName;

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

    /// <summary>A file that nobody may write any more, not even root.</summary>
    public void MakeReadOnly(string name)
    {
        Assert.Null(Run("mount", "--bind", File(name), File(name)));
        Assert.Null(Run("mount", "-o", "remount,bind,ro", File(name)));
    }

    public void Dispose()
    {
        Run("umount", "--lazy", _folder.FullName);
        _folder.Delete(recursive: true);
    }

    // Null when it went well; else what was said.
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said.Trim();
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
