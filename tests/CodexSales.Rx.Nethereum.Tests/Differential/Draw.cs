using System.Numerics;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Draws values from a seed: of all sizes, the smallest and the largest more often than by chance.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random _random = new(seed);

    public int Below(int end) => _random.Next(end);

    public bool Chance() => _random.Next(2) == 0;

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Up to so many bytes; lengths at which an encoding changes are frequent.</summary>
    public byte[] BytesUpTo(int most) => _random.Next(4) switch
    {
        0 => Bytes(Math.Min(most, _random.Next(4))),
        1 => Bytes(Math.Min(most, 53 + _random.Next(6))),
        2 => Bytes(Math.Min(most, 253 + _random.Next(6))),
        _ => Bytes(_random.Next(most + 1)),
    };

    public Bytes32 Hash() => new(Bytes(Bytes32.Size));

    public Address Address() => new(Bytes(Domain.Address.Size));

    public UInt256 Number() => _random.Next(8) switch
    {
        0 => UInt256.Zero,
        1 => UInt256.MaxValue,
        _ => NumberOf(_random.Next(1, Bytes32.Size + 1)),
    };

    /// <summary>A number of at most so many bytes.</summary>
    public UInt256 NumberOf(int bytes) => UInt256.FromBigEndian([.. new byte[Bytes32.Size - bytes], .. Bytes(bytes)]);

    public ulong Long() => _random.Next(8) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        _ => (ulong)NumberOf(_random.Next(1, 9)),
    };

    /// <summary>A key of the curve; one in eight begins with zeros.</summary>
    public byte[] Key()
    {
        var key = Bytes(Bytes32.Size);
        key[0] = (byte)(_random.Next(8) == 0 ? 0 : key[0] & 0x7f);
        return key;
    }

    public SlotKey Slot() => new(new RequestId(Hash()), Long());

    public StorageAsk Ask() => new()
    {
        ProofProbability = Number(),
        PricePerBytePerSecond = Number(),
        CollateralPerByte = Number(),
        Slots = Long(),
        SlotSizeBytes = Long(),
        DurationSeconds = Long(),
        MaxSlotLoss = Long(),
    };

    public StorageRequest Request() => new()
    {
        Client = Address(),
        Ask = Ask(),
        Cid = [.. BytesUpTo(120)],
        MerkleRoot = Hash(),
        ExpirySeconds = Long(),
        Nonce = Hash(),
    };

    public BlockStamp Block() => new((ulong)_random.NextInt64(), new UnixSeconds((ulong)_random.NextInt64(1, 1L << 40))) { Hash = Hash() };

    public static byte[] ToBytes(Bytes32 value)
    {
        var bytes = new byte[Bytes32.Size];
        value.CopyTo(bytes);
        return bytes;
    }

    public static BigInteger ToBigInteger(UInt256 number)
    {
        var bytes = new byte[Bytes32.Size];
        number.WriteBigEndian(bytes);
        return new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
    }
}
