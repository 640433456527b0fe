using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Signers;
using Nethereum.Model;
using Nethereum.Signer;
using SignedTransaction = CodexSales.Rx.Ethereum.Eth.SignedTransaction;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Transactions signed, and read back, against Nethereum's.</summary>
public sealed class TransactionsTests
{
    private const int RoundsOfEach = 600;

    // Nethereum takes some tens of milliseconds for a signature and for the account of one: not every one is compared.
    private const int OneOf = 6;

    [Fact]
    public async Task Transactions_of_type_2_are_those_of_Nethereum()
    {
        var draw = new Draw(19_015);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (key, most, tip) = (draw.Key(), draw.Number(), draw.Number());
            var transaction = Transaction(draw, new DynamicFees(most, tip));
            var theirs = new Transaction1559(
                transaction.ChainId, transaction.Nonce, Draw.ToBigInteger(tip), Draw.ToBigInteger(most), transaction.GasLimit,
                $"{transaction.To}", Draw.ToBigInteger(transaction.Value), DataOf(transaction), []);
            Assert.Equal(theirs.GetRLPEncodedRaw(), transaction.Encode());

            if (round % OneOf == 0)
            {
                await AssertSameAsync(key, transaction, new Transaction1559Signer().SignTransaction(key, theirs));
            }
        }
    }

    [Fact]
    public async Task Legacy_transactions_are_those_of_Nethereum()
    {
        var draw = new Draw(19_016);
        for (var round = 0; round < RoundsOfEach; round++)
        {
            var (key, price) = (draw.Key(), draw.Number());
            var transaction = Transaction(draw, new LegacyFees(price));
            var theirs = new LegacyTransactionChainId(
                $"{transaction.To}", Draw.ToBigInteger(transaction.Value), transaction.Nonce, Draw.ToBigInteger(price),
                transaction.GasLimit, DataOf(transaction), transaction.ChainId);
            Assert.Equal(theirs.GetRLPEncodedRaw(), transaction.Encode());

            if (round % OneOf == 0)
            {
                await AssertSameAsync(key, transaction, new LegacyTransactionSigner().SignTransaction(key, theirs));
            }
        }
    }

    private static async Task AssertSameAsync(byte[] key, UnsignedTransaction transaction, string theirs)
    {
        using var signer = LocalKeySigner.FromKey(key);
        var reply = await signer.SignAsync(transaction, TestContext.Current.CancellationToken);
        var raw = Convert.FromHexString(theirs);
        Assert.Equal(raw, Assert.IsType<Signed>(reply).Transaction.Raw);

        // Read back, each by the other one.
        var account = new EthECKey(key, isPrivate: true).GetPublicAddress();
        Assert.Equal(Address.Parse(account), signer.Account);
        var read = new SignedTransaction([.. raw]);
        Assert.True(read.TryGetSender(out var sender));
        Assert.Equal(signer.Account, sender);
        Assert.Equal(new Bytes32(TransactionFactory.CreateTransaction(raw).Hash), read.GetHash());
        Assert.True(read.TryGetUnsigned(out var unsigned));
        Assert.Equal(transaction.Encode(), unsigned.Encode());
        Assert.Equal(account, TransactionFactory.CreateTransaction(raw).GetSenderAddress());
    }

    private static UnsignedTransaction Transaction(Draw draw, TransactionFees fees) => new()
    {
        ChainId = 1 + (draw.Long() >> 2),
        Nonce = draw.Long(),
        To = draw.Address(),
        Value = draw.Number(),
        Data = [.. draw.BytesUpTo(400)],
        GasLimit = draw.Long(),
        Fees = fees,
    };

    private static string DataOf(UnsignedTransaction transaction) => $"0x{Convert.ToHexStringLower(transaction.Data.AsSpan())}";
}
