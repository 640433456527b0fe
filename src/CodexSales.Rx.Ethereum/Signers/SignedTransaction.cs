using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.Signers;

/// <summary>A transaction as it is sent: <c>eth_sendRawTransaction</c> takes its bytes.</summary>
/// <param name="Raw">The bytes.</param>
public sealed record SignedTransaction(ImmutableArray<byte> Raw)
{
    /// <summary>By which the chain knows it. Costs a Keccak-256 of the bytes.</summary>
    public Bytes32 GetHash() => Keccak256.Hash(Raw.AsSpan());

    /// <summary>
    /// What was signed. False when the bytes are no legacy transaction with a chain id and none of type 2. The
    /// signature itself is not checked.
    /// </summary>
    public bool TryGetUnsigned([NotNullWhen(true)] out UnsignedTransaction? unsigned)
    {
        var encoded = Raw.AsSpan();
        var isDynamic = encoded.Length > 0 && encoded[0] == UnsignedTransaction.DynamicFeeType;
        var list = new RlpReader(isDynamic ? encoded[1..] : encoded);
        unsigned = UnsignedTransaction.Read(ref list, isDynamic);
        var v = list.TakeUInt256();
        list.TakeUInt256();
        list.TakeUInt256();
        if (isDynamic ? v > 1 : v < 37 || v > ulong.MaxValue)
        {
            unsigned = null;
            return false;
        }

        unsigned = !list.IsDone ? null : isDynamic ? unsigned : unsigned with { ChainId = ((ulong)v - 35) / 2 };
        return unsigned is not null;
    }
}
