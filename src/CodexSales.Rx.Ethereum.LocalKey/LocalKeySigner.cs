using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>Signs with a key that is in this process: for tests and small deployments.</summary>
/// <remarks>
/// Disposing clears the key from memory. Signatures are deterministic (RFC 6979), with the lower s (EIP-2), and take a
/// fraction of a millisecond. Threading: any thread.
/// </remarks>
public sealed class LocalKeySigner : ISigner, IDisposable
{
    private readonly PrivateKey _key;

    private LocalKeySigner(PrivateKey key) => _key = key;

    /// <inheritdoc/>
    public Address Account => _key.Account;

    /// <summary>Takes a key from 32 bytes, which the caller should clear.</summary>
    /// <exception cref="ArgumentException">They are not 32 bytes, or no key of the curve secp256k1.</exception>
    public static LocalKeySigner FromKey(ReadOnlySpan<byte> key) => new(new PrivateKey(key));

    /// <summary>
    /// Takes a key from a file that only its owner may read: 64 hexadecimal digits, with or without "0x", or a keystore
    /// (Web3 Secret Storage, version 3), which is slow to open on purpose: a second and some hundred megabytes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="password">The keystore's password. A file with a bare key has none.</param>
    /// <exception cref="KeyFileException">The file can't be used; the message says why.</exception>
    public static LocalKeySigner FromFile(string path, ReadOnlySpan<char> password = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new LocalKeySigner(KeyFile.Read(path, password));
    }

    /// <inheritdoc/>
    public Task<string?> FindFaultAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<string?>(null);

    /// <inheritdoc/>
    public Task<SigningReply> SignAsync(UnsignedTransaction transaction, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var (isYOdd, r, s) = _key.Sign(transaction.GetSigningHash());
        return Task.FromResult<SigningReply>(new Signed(transaction.Sign(isYOdd, r, s)));
    }

    /// <summary>Forgets the key; signing afterwards is an <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => _key.Dispose();

    /// <summary>The account; never the key.</summary>
    public override string ToString() => $"the local key of {Account}";
}
