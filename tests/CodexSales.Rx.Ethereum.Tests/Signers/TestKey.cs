using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using NBitcoin.Secp256k1;

namespace CodexSales.Rx.Ethereum.Tests.Signers;

/// <summary>Signs as the account 0x7099…79c8 of development nodes, or as another one.</summary>
internal static class TestKey
{
    private const string Key = "59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d";

    /// <summary>The key of the account 0x7e5f…5bdf.</summary>
    public static string Other { get; } = $"{1:x64}";

    public static SignedTransaction Sign(UnsignedTransaction transaction, string key = Key)
    {
        var hash = new byte[Bytes32.Size];
        transaction.GetSigningHash().CopyTo(hash);
        var signer = ECPrivKey.Create(Convert.FromHexString(key));
        Assert.True(signer.TrySignRecoverable(hash, out var signature));
        var numbers = new byte[2 * Bytes32.Size];
        signature!.WriteToSpanCompact(numbers, out var parity);
        return transaction.Sign(
            parity == 1, UInt256.FromBigEndian(numbers.AsSpan(..32)), UInt256.FromBigEndian(numbers.AsSpan(32..)));
    }
}
