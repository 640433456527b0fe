using System.Buffers.Binary;

namespace CodexSales.Rx.Testing.Contract;

/// <summary>Makes whole requests out of asks, each with a nonce of its own.</summary>
internal sealed class SomeClient
{
    public static readonly Address Account = Address.Parse("0x00000000000000000000000000000000c0de0003");

    // A binary CIDv1 (raw codec, SHA2-256 of 32 bytes) as far as its first bytes go: nothing reads further.
    public static readonly ImmutableArray<byte> Cid = [0x01, 0x55, 0x12, 0x20, .. new byte[32]];

    private ulong _requests;

    public StorageRequest Ask(StorageAsk ask, ulong expirySeconds)
    {
        Span<byte> nonce = stackalloc byte[Bytes32.Size];
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[24..], ++_requests);
        return new StorageRequest
        {
            Client = Account,
            Ask = ask,
            Cid = Cid,
            MerkleRoot = default,
            ExpirySeconds = expirySeconds,
            Nonce = new Bytes32(nonce),
        };
    }
}
