using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Signers;
using Nethereum.KeyStore;
using Nethereum.KeyStore.Crypto;
using Nethereum.Signer;
using Nethereum.Web3.Accounts;

namespace CodexSales.Rx.Nethereum.Signers;

/// <summary>Signers of what Nethereum has: accounts, keys, devices and services that keep a key, keystores.</summary>
/// <remarks>Threading: any thread, and so the signers.</remarks>
public static class NethereumSigners
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>Signs for an account of Nethereum, with a copy of its key.</summary>
    /// <remarks>The account's chain, nonces and transaction manager are not used. Disposing the signer clears the copy.</remarks>
    /// <param name="account">An account with its private key.</param>
    public static LocalKeySigner ToSigner(this Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new EthECKey(account.PrivateKey).ToSigner();
    }

    /// <summary>Signs with a copy of a key of Nethereum. Disposing the signer clears the copy.</summary>
    /// <param name="key">A private key.</param>
    public static LocalKeySigner ToSigner(this EthECKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return FromKey(key.GetPrivateKeyAsBytes());
    }

    /// <summary>
    /// Signs with a device or a service that keeps the key: Ledger, Trezor, AWS KMS, Azure Key Vault, or one of one's own.
    /// </summary>
    /// <remarks>
    /// It is asked for one signature at a time, on a thread of the pool. Its answer is only used when it is the account's
    /// signature of that very transaction; whichever way it writes v, and whichever of the two s it gives. Its exceptions
    /// count as passing, unless they say that it can't do it at all.
    /// </remarks>
    /// <param name="signer">The device or service. Stays the caller's to dispose of.</param>
    /// <param name="account">The account of its key.</param>
    /// <param name="scheduler">Where time passes.</param>
    /// <param name="patience">
    /// The longest that a signature may take, with the wait for those before it; 60 s when null. One that comes later is not
    /// used. Give it more where a person has to agree.
    /// </param>
    public static ISigner ToSigner(
        this IEthExternalSigner signer, Address account, IScheduler scheduler, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(signer);
        ArgumentNullException.ThrowIfNull(scheduler);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(patience ?? _patience, TimeSpan.Zero, nameof(patience));
        return new ExternalSigner(signer, account, scheduler, patience ?? _patience);
    }

    /// <summary>Asks a device or a service for its account, and signs with it.</summary>
    /// <remarks>Its exceptions reach the caller: to begin without it, name the account.</remarks>
    /// <inheritdoc cref="ToSigner(IEthExternalSigner, Address, IScheduler, TimeSpan?)"/>
    public static async Task<ISigner> ToSignerAsync(
        this IEthExternalSigner signer, IScheduler scheduler, TimeSpan? patience = null)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return signer.ToSigner(Address.Parse(await signer.GetAddressAsync().ConfigureAwait(false)), scheduler, patience);
    }

    /// <summary>
    /// Opens a keystore (Web3 Secret Storage, version 3) with Nethereum: a second and some hundred megabytes, as it demands.
    /// For a file, <see cref="LocalKeySigner.FromFile"/> also looks at who may read it.
    /// </summary>
    /// <param name="json">What the keystore says.</param>
    /// <param name="password">Its password.</param>
    /// <exception cref="KeyFileException">It can't be opened; the message says why, and nothing secret.</exception>
    public static LocalKeySigner OpenKeystore(string json, string password)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(password);
        try
        {
            var key = new KeyStoreService().DecryptKeyStoreFromJson(password, json);
            try
            {
                return FromKey(key);
            }
            finally
            {
                key.AsSpan().Clear();
            }
        }
        catch (DecryptionException wrong)
        {
            throw new KeyFileException("The password is not that of the keystore.", wrong);
        }
        catch (Exception unreadable)
        {
            throw new KeyFileException("The keystore holds no key, or is of another kind than Nethereum can open.", unreadable);
        }
    }

    // Nethereum leaves out the zeros that a key begins with.
    private static LocalKeySigner FromKey(ReadOnlySpan<byte> key)
    {
        Span<byte> whole = stackalloc byte[Bytes32.Size];
        whole.Clear();
        key.CopyTo(whole[^key.Length..]);
        try
        {
            return LocalKeySigner.FromKey(whole);
        }
        finally
        {
            whole.Clear();
        }
    }
}
