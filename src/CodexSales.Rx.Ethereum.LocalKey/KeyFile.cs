namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>Reads a key from a file, whichever of the two kinds it is.</summary>
internal static class KeyFile
{
    public static PrivateKey Read(string path, ReadOnlySpan<char> password)
    {
        var bytes = PrivateFile.Read(path);
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
}
