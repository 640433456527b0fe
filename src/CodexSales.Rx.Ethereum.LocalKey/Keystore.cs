using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>A key encrypted with a password. Source: Web3 Secret Storage, version 3.</summary>
internal static class Keystore
{
    private const int BlockSize = 16;
    private const int LeastDerivedKey = 2 * BlockSize;
    private const int MostDerivedKey = 1024;

    // Limits of the work that a file may demand: 1 GiB of memory, and 30 s of work on a slow one.
    private const long MostMemoryBytes = 1L << 30;
    private const int BlockBytes = 128;
    private const long MostBlocksMixed = 1L << 24;
    private const long MostIterations = 30_000_000;

    /// <summary>Decrypts the key of a file (named in the sentence that says what is wrong) into 32 bytes.</summary>
    public static void Decrypt(string path, ReadOnlySpan<byte> json, ReadOnlySpan<char> password, Span<byte> key)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            Decrypt(path, document.RootElement, password, key);
        }
        catch (Exception malformed)
            when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new KeyFileException($"{path} is no keystore of version 3: {malformed.Message}", malformed);
        }
    }

    private static void Decrypt(string path, JsonElement file, ReadOnlySpan<char> password, Span<byte> key)
    {
        var version = file.GetProperty("version").GetInt32();
        if (version != 3)
        {
            throw new KeyFileException($"{path} is a keystore of version {version}; only version 3 can be read.");
        }

        var crypto = file.TryGetProperty("crypto", out var lower) ? lower : file.GetProperty("Crypto");
        var cipher = crypto.GetProperty("cipher").GetString();
        if (cipher != "aes-128-ctr")
        {
            throw new KeyFileException($"{path} is encrypted with {cipher}; only aes-128-ctr can be read.");
        }

        var encrypted = Bytes(crypto, "ciphertext");
        var counter = Bytes(crypto.GetProperty("cipherparams"), "iv");
        if (encrypted.Length != key.Length || counter.Length != BlockSize)
        {
            throw new KeyFileException($"{path} holds {encrypted.Length} bytes in place of a key of {key.Length}.");
        }

        var derived = DeriveKey(path, crypto, password);
        try
        {
            if (!IsRightPassword(derived, encrypted, Bytes(crypto, "mac")))
            {
                throw new KeyFileException($"The password is not that of {path}.");
            }

            ApplyCounterMode(derived.AsSpan(0, BlockSize), counter, encrypted, key);
        }
        finally
        {
            derived.AsSpan().Clear();
        }
    }

    private static byte[] DeriveKey(string path, JsonElement crypto, ReadOnlySpan<char> password)
    {
        var function = crypto.GetProperty("kdf").GetString();
        var parameters = crypto.GetProperty("kdfparams");
        var length = parameters.GetProperty("dklen").GetInt32();
        if (length is < LeastDerivedKey or > MostDerivedKey)
        {
            throw new KeyFileException(
                $"{path} derives a key of dklen = {length}; {LeastDerivedKey} to {MostDerivedKey} bytes are expected.");
        }

        var salt = Bytes(parameters, "salt");
        var secret = new byte[Encoding.UTF8.GetByteCount(password)];
        Encoding.UTF8.GetBytes(password, secret);
        try
        {
            return function switch
            {
                "scrypt" => DeriveByScrypt(path, parameters, secret, salt, length),
                "pbkdf2" => DeriveByPbkdf2(path, parameters, secret, salt, length),
                _ => throw new KeyFileException($"{path} derives its key by {function}; scrypt or pbkdf2 is expected."),
            };
        }
        finally
        {
            secret.AsSpan().Clear();
        }
    }

    private static byte[] DeriveByScrypt(
        string path, JsonElement parameters, byte[] secret, byte[] salt, int length)
    {
        var (n, r, p) = (Count(parameters, "n"), Count(parameters, "r"), Count(parameters, "p"));
        var named = $"{path} derives its key by scrypt with n = {n}, r = {r}, p = {p}";
        if (n <= 1 || !long.IsPow2(n) || r <= 0 || p <= 0)
        {
            throw new KeyFileException($"{named}, which are no parameters of scrypt.");
        }

        return (Int128)n * r * p <= MostBlocksMixed && BlockBytes * (Int128)r * Int128.Max(n, p) <= MostMemoryBytes
            ? Scrypt.Derive(secret, salt, (int)n, (int)r, (int)p, length)
            : throw new KeyFileException($"{named}: that could take more than 1 GiB of memory or 30 s.");
    }

    private static byte[] DeriveByPbkdf2(
        string path, JsonElement parameters, byte[] secret, byte[] salt, int length)
    {
        var (c, prf) = (Count(parameters, "c"), parameters.GetProperty("prf").GetString());
        if (prf != "hmac-sha256" || c <= 0)
        {
            throw new KeyFileException(
                $"{path} derives its key by pbkdf2 with c = {c}, prf = {prf}; hmac-sha256 is expected.");
        }

        var hashes = (length + Bytes32.Size - 1) / Bytes32.Size;
        return c <= MostIterations / hashes
            ? Rfc2898DeriveBytes.Pbkdf2(secret, salt, (int)c, HashAlgorithmName.SHA256, length)
            : throw new KeyFileException(
                $"{path} derives its key by pbkdf2 with c = {c}, dklen = {length}: that could take more than 30 s.");
    }

    private static long Count(JsonElement parameters, string name) =>
        parameters.GetProperty(name) is var count && count.TryGetInt64(out var value)
            ? value
            : throw new FormatException($"'{name}' is {count.GetRawText()}.");

    private static bool IsRightPassword(byte[] derived, byte[] encrypted, byte[] code)
    {
        byte[] authenticated = [.. derived.AsSpan(BlockSize, BlockSize), .. encrypted];
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Keccak256.Hash(authenticated).CopyTo(hash);
        authenticated.AsSpan().Clear();
        return CryptographicOperations.FixedTimeEquals(hash, code);
    }

    // A key is two blocks long: the masks are the encryptions of the counter and of the one after it.
    private static void ApplyCounterMode(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> firstCounter, ReadOnlySpan<byte> text, Span<byte> result)
    {
        using var aes = Aes.Create();
        aes.Key = key.ToArray();
        var counter = BinaryPrimitives.ReadUInt128BigEndian(firstCounter);
        Span<byte> mask = stackalloc byte[2 * BlockSize];
        BinaryPrimitives.WriteUInt128BigEndian(mask, counter);
        BinaryPrimitives.WriteUInt128BigEndian(mask[BlockSize..], unchecked(counter + 1));
        aes.EncryptEcb(mask, mask, PaddingMode.None);
        for (var place = 0; place < text.Length; place++)
        {
            result[place] = (byte)(text[place] ^ mask[place]);
        }

        mask.Clear();
    }

    private static byte[] Bytes(JsonElement parent, string name)
    {
        var text = parent.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null.");
        return Convert.FromHexString(text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text);
    }
}
