using NBitcoin.Secp256k1;

namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>A transaction as it is sent: <c>eth_sendRawTransaction</c> takes its bytes.</summary>
/// <param name="Raw">The bytes.</param>
public sealed record SignedTransaction(ImmutableArray<byte> Raw)
{
    /// <summary>The hash by which the chain knows it. Costs a Keccak-256 of the bytes.</summary>
    public Bytes32 GetHash() => Keccak256.Hash(Raw.AsSpan());

    /// <summary>
    /// The transaction without its signature, which is not checked; false for other bytes than a legacy transaction
    /// with a chain id or one of type 2.
    /// </summary>
    public bool TryGetUnsigned([NotNullWhen(true)] out UnsignedTransaction? unsigned) => TryRead(out unsigned, out _);

    /// <summary>
    /// The account whose key signed it. False when the bytes can't be read, or no chain takes the signature: it fits no
    /// key, or has the higher of two possible s (EIP-2). Costs about as much as signing.
    /// </summary>
    public bool TryGetSender(out Address sender)
    {
        sender = default;
        if (!TryRead(out var unsigned, out var signature)
            || !SecpRecoverableECDSASignature.TryCreateFromCompact(
                [.. ToBytes(signature.R), .. ToBytes(signature.S)], signature.IsYOdd ? 1 : 0, out var recoverable)
            || recoverable.ToSignature().s.IsHigh)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Bytes32.Size];
        unsigned.GetSigningHash().CopyTo(hash);
        if (!ECPubKey.TryRecover(Context.Instance, recoverable, hash, out var key))
        {
            return false;
        }

        // The last 20 bytes of the hash of both coordinates, which come after a byte that says how they are written.
        Keccak256.Hash(key.ToBytes(compressed: false).AsSpan(1)).CopyTo(hash);
        sender = new Address(hash[^Address.Size..]);
        return true;
    }

    private bool TryRead(
        [NotNullWhen(true)] out UnsignedTransaction? unsigned, out (bool IsYOdd, UInt256 R, UInt256 S) signature)
    {
        var encoded = Raw.AsSpan();
        var isDynamic = encoded.Length > 0 && encoded[0] == UnsignedTransaction.DynamicFeeType;
        var list = new RlpReader(isDynamic ? encoded[1..] : encoded);
        unsigned = UnsignedTransaction.Read(ref list, isDynamic);
        var (v, r, s) = (list.TakeUInt256(), list.TakeUInt256(), list.TakeUInt256());
        if (!list.IsDone || (isDynamic ? v > 1 : v < 37 || v > ulong.MaxValue))
        {
            (unsigned, signature) = (null, default);
            return false;
        }

        signature = (isDynamic ? v == 1 : (ulong)v % 2 == 0, r, s);
        unsigned = isDynamic ? unsigned : unsigned with { ChainId = ((ulong)v - 35) / 2 };
        return true;
    }

    private static byte[] ToBytes(UInt256 number)
    {
        var bytes = new byte[Bytes32.Size];
        number.WriteBigEndian(bytes);
        return bytes;
    }
}
