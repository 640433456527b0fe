using System.Buffers.Binary;

namespace CodexSales.Rx.Domain;

/// <summary>The ABI encoding of a request as one dynamic tuple: what the contract hashes into the request id.</summary>
internal static class StorageRequestEncoding
{
    private const int Word = 32;
    private const ulong RequestHeadWords = 11;
    private const ulong ContentHeadWords = 2;

    public static byte[] Encode(StorageRequest request)
    {
        var cidWords = (request.Cid.Length + Word - 1) / Word;
        var encoded = new byte[Word * (1 + (int)RequestHeadWords + (int)ContentHeadWords + 1 + cidWords)];
        var rest = encoded.AsSpan();

        Write(ref rest, Word);
        WriteAddress(ref rest, request.Client);
        Write(ref rest, request.Ask.ProofProbability);
        Write(ref rest, request.Ask.PricePerBytePerSecond);
        Write(ref rest, request.Ask.CollateralPerByte);
        Write(ref rest, request.Ask.Slots);
        Write(ref rest, request.Ask.SlotSizeBytes);
        Write(ref rest, request.Ask.DurationSeconds);
        Write(ref rest, request.Ask.MaxSlotLoss);
        Write(ref rest, RequestHeadWords * Word);
        Write(ref rest, request.ExpirySeconds);
        Write(ref rest, request.Nonce);
        Write(ref rest, ContentHeadWords * Word);
        Write(ref rest, request.MerkleRoot);
        Write(ref rest, (ulong)request.Cid.Length);
        request.Cid.CopyTo(rest);
        return encoded;
    }

    private static void Write(ref Span<byte> rest, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(rest[24..], value);
        rest = rest[Word..];
    }

    private static void Write(ref Span<byte> rest, UInt256 value)
    {
        value.WriteBigEndian(rest);
        rest = rest[Word..];
    }

    private static void Write(ref Span<byte> rest, Bytes32 value)
    {
        value.CopyTo(rest);
        rest = rest[Word..];
    }

    private static void WriteAddress(ref Span<byte> rest, Address value)
    {
        value.CopyTo(rest[12..]);
        rest = rest[Word..];
    }
}
