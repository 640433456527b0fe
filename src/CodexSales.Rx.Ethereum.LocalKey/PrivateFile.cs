using System.Text;

namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>Files with secrets: keys, passwords, URLs with keys in them.</summary>
public static class PrivateFile
{
    private const int LargestFile = 64 * 1024;

    private const UnixFileMode NotTheOwners =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Reads a file that only its owner may read. The caller should clear what it gets.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="KeyFileException">It is unreadable, over 64 KiB, or (but on Windows) open to others.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & NotTheOwners) != 0)
            {
                throw new KeyFileException(
                    $"{path} may be read by others than its owner: change that with \"chmod 600\" first.");
            }

            if (file.Length > LargestFile)
            {
                throw new KeyFileException($"{path} is too large for a file with a secret: {file.Length} bytes.");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} can't be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Reads such a file as text in UTF-8, without the ends of lines after it.</summary>
    /// <inheritdoc cref="Read"/>
    public static char[] ReadText(string path)
    {
        var bytes = Read(path);
        try
        {
            return Encoding.UTF8.GetChars(bytes, 0, bytes.AsSpan().TrimEnd("\r\n"u8).Length);
        }
        finally
        {
            bytes.AsSpan().Clear();
        }
    }
}
