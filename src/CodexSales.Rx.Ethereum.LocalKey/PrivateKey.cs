using CodexSales.Rx.Domain;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC;
using Org.BouncyCastle.Math.EC.Multiplier;

namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>A key of the curve secp256k1, and the account that it belongs to.</summary>
internal sealed class PrivateKey : IDisposable
{
    public const int Size = 32;

    // The curve's own implementation: faster than the general one, and hardened.
    private static readonly X9ECParameters _curve = CustomNamedCurves.GetByName("secp256k1");

    private static readonly ECDomainParameters _domain = new(_curve.Curve, _curve.G, _curve.N, _curve.H);

    private static readonly BigInteger _halfOrder = _curve.N.ShiftRight(1);

    private readonly ECPoint _publicKey;
    private ECPrivateKeyParameters? _key;

    /// <exception cref="ArgumentException">The bytes are no key.</exception>
    public PrivateKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A key has {Size} bytes, but there are {bytes.Length}.", nameof(bytes));
        }

        var copy = bytes.ToArray();
        var number = new BigInteger(1, copy);
        copy.AsSpan().Clear();
        if (number.SignValue == 0 || number.CompareTo(_curve.N) >= 0)
        {
            throw new ArgumentException("A key is at least 1 and below the order of the curve.", nameof(bytes));
        }

        _key = new ECPrivateKeyParameters(number, _domain);
        _publicKey = new FixedPointCombMultiplier().Multiply(_curve.G, number).Normalize();
        Account = AccountOf(_publicKey);
    }

    public Address Account { get; }

    public (bool IsYOdd, UInt256 R, UInt256 S) Sign(Bytes32 hash)
    {
        ObjectDisposedException.ThrowIf(_key is null, this);
        var message = new byte[Size];
        hash.CopyTo(message);
        var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
        signer.Init(true, _key);
        var signature = signer.GenerateSignature(message);
        var (r, s) = (signature[0], signature[1]);
        s = s.CompareTo(_halfOrder) > 0 ? _curve.N.Subtract(s) : s;
        return (IsYOdd(new BigInteger(1, message), r, s), ToUInt256(r), ToUInt256(s));
    }

    public void Dispose() => _key = null;

    // Of the two points whose x is r, the one from which the signature gives our public key. All of it is public.
    private bool IsYOdd(BigInteger message, BigInteger r, BigInteger s)
    {
        var inverse = r.ModInverse(_curve.N);
        var ofGenerator = _curve.N.Subtract(message.Mod(_curve.N)).Multiply(inverse).Mod(_curve.N);
        var ofPoint = s.Multiply(inverse).Mod(_curve.N);
        foreach (var isOdd in (ReadOnlySpan<bool>)[false, true])
        {
            byte[] compressed = [isOdd ? (byte)3 : (byte)2, .. ToBytes(r)];
            var point = _curve.Curve.DecodePoint(compressed);
            if (ECAlgorithms.SumOfTwoMultiplies(_curve.G, ofGenerator, point, ofPoint).Normalize().Equals(_publicKey))
            {
                return isOdd;
            }
        }

        // One signature in 2^127 has an r beyond the order, which Ethereum can't express.
        throw new InvalidOperationException("The signature does not give the key back.");
    }

    // The last 20 bytes of the hash of both coordinates.
    private static Address AccountOf(ECPoint publicKey)
    {
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Keccak256.Hash(publicKey.GetEncoded(compressed: false).AsSpan(1)).CopyTo(hash);
        return new Address(hash[^Address.Size..]);
    }

    private static UInt256 ToUInt256(BigInteger number) => UInt256.FromBigEndian(ToBytes(number));

    private static byte[] ToBytes(BigInteger number)
    {
        var bytes = new byte[Size];
        var digits = number.ToByteArrayUnsigned();
        digits.CopyTo(bytes, Size - digits.Length);
        return bytes;
    }
}
