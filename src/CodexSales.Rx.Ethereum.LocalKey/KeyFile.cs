
namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>Reads a key from a file, whichever of the two kinds it is.</summary>
internal static class KeyFile
{
    private const int LargestFile = 64 * 1024;

    private const UnixFileMode NotTheOwners =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static PrivateKey Read(string path, ReadOnlySpan<char> password)
    {
        var bytes = ReadBytes(path);
        var key = new byte[PrivateKey.Size];
        try
        {
            var text = bytes.AsSpan().Trim(" \t\r\n"u8);
            if (text.StartsWith("{"u8))
            {
                Keystore.Decrypt(path, text, password, key);
            }
            else if (!IsBareKey(text, key))
            {
                throw new KeyFileException(
                    $"{path} holds no key: 64 hexadecimal digits or a keystore of version 3 is expected.");
            }

            return new PrivateKey(key);
        }
        catch (ArgumentException noKey)
        {
            throw new KeyFileException($"{path} holds no key of the curve secp256k1.", noKey);
        }
        finally
        {
            bytes.AsSpan().Clear();
            key.AsSpan().Clear();
        }
    }

    private static bool IsBareKey(ReadOnlySpan<byte> text, Span<byte> key)
    {
        var digits = text.StartsWith("0x"u8) ? text[2..] : text;
        return digits.Length == 2 * PrivateKey.Size
            && Convert.FromHexString(digits, key, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    private static byte[] ReadBytes(string path)
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
                throw new KeyFileException($"{path} is too large for a key file: {file.Length} bytes.");
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
}
