using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>Derives a key from a password at a price of time and memory. Source: RFC 7914, but that n is not bounded by
/// r: keystores have n = 262,144 with r = 1.</summary>
internal static class Scrypt
{
    private const int SalsaWords = 16;
    private const int WordsPerR = 2 * SalsaWords;

    /// <summary>Derives a key of so many bytes; n is a power of two.</summary>
    /// <remarks>Takes 128 n r bytes of memory, and the time to mix them 2 p times.</remarks>
    public static byte[] Derive(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int n, int r, int p, int length)
    {
        var words = WordsPerR * r;
        var size = checked(words * p * sizeof(uint));
        var mixed = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1, HashAlgorithmName.SHA256, size);
        var memory = new uint[n][];
        var (block, other) = (new uint[words], new uint[words]);
        foreach (var part in Enumerable.Range(0, p))
        {
            var mixedWords = MemoryMarshal.Cast<byte, uint>(mixed.AsSpan()).Slice(part * words, words);
            mixedWords.CopyTo(block);
            SwapBytes(block);
            Mix(memory, ref block, ref other);
            SwapBytes(block);
            block.CopyTo(mixedWords);
        }

        var key = Rfc2898DeriveBytes.Pbkdf2(password, mixed, 1, HashAlgorithmName.SHA256, length);
        mixed.AsSpan().Clear();
        Array.ForEach(memory, row => row.AsSpan().Clear());
        return key;
    }

    // scryptROMix: fills the memory, then goes through it as what it finds there says.
    private static void Mix(uint[][] memory, ref uint[] block, ref uint[] other)
    {
        for (var i = 0; i < memory.Length; i++)
        {
            memory[i] ??= new uint[block.Length];
            block.CopyTo(memory[i], 0);
            MixBlock(block, other);
            (block, other) = (other, block);
        }

        for (var i = 0; i < memory.Length; i++)
        {
            var row = memory[block[^SalsaWords] & (uint)(memory.Length - 1)];
            Xor(block, row);
            MixBlock(block, other);
            (block, other) = (other, block);
        }
    }

    // scryptBlockMix: the parts in even places come before those in odd ones.
    private static void MixBlock(ReadOnlySpan<uint> block, Span<uint> mixed)
    {
        var parts = block.Length / SalsaWords;
        Span<uint> part = stackalloc uint[SalsaWords];
        block[^SalsaWords..].CopyTo(part);
        for (var i = 0; i < parts; i++)
        {
            Xor(part, block.Slice(i * SalsaWords, SalsaWords));
            Salsa(part);
            part.CopyTo(mixed[(((i / 2) + (i % 2 * (parts / 2))) * SalsaWords)..]);
        }
    }

    private static void Xor(Span<uint> words, ReadOnlySpan<uint> others)
    {
        for (var i = 0; i < words.Length; i++)
        {
            words[i] ^= others[i];
        }
    }

    // Salsa20/8: eight rounds, by turns of the columns and of the rows.
    private static void Salsa(Span<uint> words)
    {
        Span<uint> x = stackalloc uint[SalsaWords];
        words.CopyTo(x);
        for (var round = 0; round < 8; round += 2)
        {
            Quarter(ref x[0], ref x[4], ref x[8], ref x[12]);
            Quarter(ref x[5], ref x[9], ref x[13], ref x[1]);
            Quarter(ref x[10], ref x[14], ref x[2], ref x[6]);
            Quarter(ref x[15], ref x[3], ref x[7], ref x[11]);
            Quarter(ref x[0], ref x[1], ref x[2], ref x[3]);
            Quarter(ref x[5], ref x[6], ref x[7], ref x[4]);
            Quarter(ref x[10], ref x[11], ref x[8], ref x[9]);
            Quarter(ref x[15], ref x[12], ref x[13], ref x[14]);
        }

        for (var i = 0; i < SalsaWords; i++)
        {
            words[i] = unchecked(words[i] + x[i]);
        }
    }

    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        unchecked
        {
            b ^= BitOperations.RotateLeft(a + d, 7);
            c ^= BitOperations.RotateLeft(b + a, 9);
            d ^= BitOperations.RotateLeft(c + b, 13);
            a ^= BitOperations.RotateLeft(d + c, 18);
        }
    }

    // Words are little-endian in memory.
    private static void SwapBytes(Span<uint> words)
    {
        if (!BitConverter.IsLittleEndian)
        {
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
