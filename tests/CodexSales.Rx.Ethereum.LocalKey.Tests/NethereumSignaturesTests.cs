using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;
using Nethereum.Model;
using Nethereum.Signer;

namespace CodexSales.Rx.Ethereum.LocalKey.Tests;

/// <summary>Signing, against Nethereum's signer.</summary>
public sealed class NethereumSignaturesTests
{
    private const int Transactions = 200;

    [Fact]
    public async Task Transactions_are_signed_as_nethereum_signs_them()
    {
        var random = new Random(20261130);
        for (var nonce = 0UL; nonce < Transactions; nonce++)
        {
            var key = new byte[32];
            random.NextBytes(key);
            var data = new byte[random.Next(300)];
            random.NextBytes(data);
            var to = new byte[Address.Size];
            random.NextBytes(to);
            var (most, tip) = ((ulong)random.NextInt64(1, long.MaxValue), (ulong)random.NextInt64(1, long.MaxValue));
            using var signer = LocalKeySigner.FromKey(key);

            var reply = await signer.SignAsync(
                new UnsignedTransaction
                {
                    ChainId = 31_337, Nonce = nonce, To = new Address(to), Value = nonce, Data = [.. data],
                    GasLimit = 100_000, Fees = new DynamicFees(most, tip),
                },
                TestContext.Current.CancellationToken);

            var theirs = new Transaction1559(
                31_337, nonce, tip, most, 100_000, Convert.ToHexString(to), nonce, Convert.ToHexString(data), []);
            new Transaction1559Signer().SignTransaction(key, theirs);
            Assert.Equal(theirs.GetRLPEncoded(), Assert.IsType<Signed>(reply).Transaction.Raw);
            Assert.Equal(Address.Parse(new EthECKey(key, isPrivate: true).GetPublicAddress()), signer.Account);
        }
    }
}
