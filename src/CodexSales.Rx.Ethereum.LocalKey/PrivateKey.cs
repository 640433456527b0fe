using NBitcoin.Secp256k1;

namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>A key of the curve secp256k1, and the account that it belongs to.</summary>
internal sealed class PrivateKey : IDisposable
{
    public const int Size = 32;

    private readonly ECPrivKey _key;
    private bool _isDisposed;

    /// <exception cref="ArgumentException">The bytes are no key.</exception>
    public PrivateKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"A key has {Size} bytes, but there are {bytes.Length}.", nameof(bytes));
        }

        if (!Context.Instance.TryCreateECPrivKey(bytes, out var key))
        {
            throw new ArgumentException("A key is at least 1 and below the order of the curve.", nameof(bytes));
        }

        _key = key;

        // The last 20 bytes of the hash of both coordinates, which come after a byte that says how they are written.
        Span<byte> hash = stackalloc byte[Bytes32.Size];
        Keccak256.Hash(_key.CreatePubKey().ToBytes(compressed: false).AsSpan(1)).CopyTo(hash);
        Account = new Address(hash[^Address.Size..]);
    }

    public Address Account { get; }

    public (bool IsYOdd, UInt256 R, UInt256 S) Sign(Bytes32 hash)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Span<byte> message = stackalloc byte[Size];
        hash.CopyTo(message);

        Span<byte> numbers = stackalloc byte[2 * Size];
        var parity = -1;
        if (_key.TrySignRecoverable(message, out var signature) && signature is not null)
        {
            signature.WriteToSpanCompact(numbers, out parity);
        }

        // One signature in 2^127 has an r beyond the order, which Ethereum can't express.
        return parity is 0 or 1
            ? (parity == 1, UInt256.FromBigEndian(numbers[..Size]), UInt256.FromBigEndian(numbers[Size..]))
            : throw new InvalidOperationException("The hash can't be signed.");
    }

    public void Dispose()
    {
        _isDisposed = true;
        _key.Dispose();
    }
}
