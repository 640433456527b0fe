using Nethereum.Model;
using Nethereum.Signer;
using Nethereum.Signer.Crypto;
using Nethereum.Util;

namespace CodexSales.Rx.Nethereum.Tests.Signers;

/// <summary>A device of Nethereum's kind that signs bytes, as those for Ledger (RLP), AWS and Azure (hashes) do.</summary>
internal sealed class KeyDevice(EthECKey key, ExternalSignerTransactionFormat format) : EthExternalSignerBase
{
    /// <summary>The signature as it comes from the device.</summary>
    public Func<ECDSASignature, ECDSASignature> Give { get; init; } = signature => signature;

    public override ExternalSignerTransactionFormat ExternalSignerTransactionFormat { get; protected set; } = format;

    public override bool CalculatesV { get; protected set; }

    public override bool Supported1559 { get; } = true;

    public override Task SignAsync(LegacyTransaction transaction) => throw new NotSupportedException("It has no chain id.");

    public override Task SignAsync(Transaction7702 transaction) => throw new NotSupportedException("It delegates.");

    public override Task SignAsync(LegacyTransactionChainId transaction) =>
        ExternalSignerTransactionFormat == ExternalSignerTransactionFormat.RLP
            ? SignRLPTransactionAsync(transaction)
            : SignHashTransactionAsync(transaction);

    public override Task SignAsync(Transaction1559 transaction) =>
        ExternalSignerTransactionFormat == ExternalSignerTransactionFormat.RLP
            ? SignRLPTransactionAsync(transaction)
            : SignHashTransactionAsync(transaction);

    protected override Task<byte[]> GetPublicKeyAsync() => Task.FromResult(key.GetPubKey());

    protected override Task<ECDSASignature> SignExternallyAsync(byte[] bytes)
    {
        var hash = ExternalSignerTransactionFormat == ExternalSignerTransactionFormat.RLP
            ? Sha3Keccack.Current.CalculateHash(bytes)
            : bytes;
        var signature = key.Sign(hash);
        return Task.FromResult(Give(ECDSASignatureFactory.FromComponents(signature.R, signature.S)));
    }
}
