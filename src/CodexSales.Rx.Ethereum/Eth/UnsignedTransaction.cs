using System.Diagnostics;

namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>A transaction before it is signed. Creates no contract: it always has a receiver.</summary>
/// <remarks>Immutable. The record's own equality compares <see cref="Data"/> by reference: compare encodings.</remarks>
public sealed record UnsignedTransaction
{
    internal const byte DynamicFeeType = 2;

    /// <summary>The chain that it is for; on any other one it is void. At least 1, below 2^63.</summary>
    public required ulong ChainId { get; init; }

    /// <summary>How many transactions its account has sent before it.</summary>
    public required ulong Nonce { get; init; }

    /// <summary>The account or contract that it goes to.</summary>
    public required Address To { get; init; }

    /// <summary>What it transfers, in wei.</summary>
    public UInt256 Value { get; init; }

    /// <summary>The call: selector and arguments. Empty for a plain transfer.</summary>
    public ImmutableArray<byte> Data { get; init; } = [];

    /// <summary>How much gas it may use.</summary>
    public required ulong GasLimit { get; init; }

    /// <summary>What it offers for each unit of gas; they also say which type of transaction it is.</summary>
    public required TransactionFees Fees { get; init; }

    /// <summary>The most that it can cost: gas limit × most wei per gas + value. False over 2^256 − 1.</summary>
    public bool TryGetMostWei(out UInt256 wei) =>
        UInt256.TryMultiply(Fees.MostWeiPerGas, GasLimit, out wei) && UInt256.TryAdd(wei, Value, out wei);

    /// <summary>The bytes whose hash is signed: 0x02 and an RLP list (EIP-1559), or an RLP list (EIP-155).</summary>
    public byte[] Encode()
    {
        var list = Write();
        return Fees is DynamicFees ? list.ToList([DynamicFeeType]) : list.Add(ChainId).Add(0).Add(0).ToList();
    }

    /// <summary>The hash that is signed.</summary>
    public Bytes32 GetSigningHash() => Keccak256.Hash(Encode());

    /// <summary>The transaction with its signature, which is not checked.</summary>
    /// <param name="isYOdd">Whether the point of r has an odd y: the recovery id.</param>
    /// <param name="r">The signature's r.</param>
    /// <param name="s">The signature's s, the lower of the two that there are. Source: EIP-2.</param>
    public SignedTransaction Sign(bool isYOdd, UInt256 r, UInt256 s)
    {
        var parity = isYOdd ? UInt256.One : UInt256.Zero;
        var list = Write();
        return new SignedTransaction([.. Fees is DynamicFees
            ? list.Add(parity).Add(r).Add(s).ToList([DynamicFeeType])
            : list.Add(((UInt256)ChainId * 2) + 35 + parity).Add(r).Add(s).ToList()]);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out UnsignedTransaction? transaction)
    {
        var isDynamic = encoded.Length > 0 && encoded[0] == DynamicFeeType;
        var list = new RlpReader(isDynamic ? encoded[1..] : encoded);
        transaction = Read(ref list, isDynamic);
        if (!isDynamic)
        {
            transaction = transaction with { ChainId = list.TakeUInt64() };
            if (list.TakeUInt64() != 0 || list.TakeUInt64() != 0)
            {
                transaction = null;
                return false;
            }
        }

        transaction = list.IsDone ? transaction : null;
        return transaction is not null;
    }

    /// <summary>Takes what both forms have in common. The chain of a legacy one comes after it.</summary>
    internal static UnsignedTransaction Read(ref RlpReader list, bool isDynamic)
    {
        var chainId = isDynamic ? list.TakeUInt64() : 0;
        var nonce = list.TakeUInt64();
        var price = list.TakeUInt256();
        TransactionFees fees = isDynamic ? new DynamicFees(list.TakeUInt256(), price) : new LegacyFees(price);
        var transaction = new UnsignedTransaction
        {
            ChainId = chainId,
            Nonce = nonce,
            Fees = fees,
            GasLimit = list.TakeUInt64(),
            To = list.TakeAddress(),
            Value = list.TakeUInt256(),
            Data = [.. list.TakeBytes()],
        };
        if (isDynamic)
        {
            list.TakeEmptyList();
        }

        return transaction;
    }

    private RlpWriter Write() => Fees switch
    {
        DynamicFees fees => new RlpWriter().Add(ChainId).Add(Nonce)
            .Add(fees.MaxPriorityFeePerGas).Add(fees.MaxFeePerGas)
            .Add(GasLimit).Add(To).Add(Value).Add(Data.AsSpan()).AddEmptyList(),
        LegacyFees fees => new RlpWriter().Add(Nonce).Add(fees.GasPrice)
            .Add(GasLimit).Add(To).Add(Value).Add(Data.AsSpan()),
        _ => throw new UnreachableException($"{Fees} are no fees."),
    };
}
