using System.Globalization;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.LocalKey.Tests;

/// <summary>Encoding and signing, against 1,000 random transactions that another library signed.</summary>
public sealed class EthersTransactionsTests
{
    private static readonly List<JsonElement[]> _lines =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Ethers", "transactions.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement.EnumerateArray().ToArray()),
    ];

    [Fact]
    public async Task Transactions_are_signed_as_ethers_signs_them()
    {
        Assert.Equal(1000, _lines.Count);
        foreach (var line in _lines)
        {
            using var signer = LocalKeySigner.FromKey(Bytes(line[0]));

            var reply = await signer.SignAsync(Transaction(line), TestContext.Current.CancellationToken);

            Assert.Equal(Text(line[10]), Write(Assert.IsType<Signed>(reply).Transaction.Raw));
        }
    }

    [Fact]
    public void Their_signers_are_found_again() => Assert.All(_lines, line =>
    {
        Assert.True(new SignedTransaction([.. Bytes(line[10])]).TryGetSender(out var sender));
        Assert.Equal(Address.Parse(Text(line[1])), sender);
    });

    [Fact]
    public void Accounts_are_those_of_the_keys() => Assert.All(_lines, line =>
    {
        using var signer = LocalKeySigner.FromKey(Bytes(line[0]));
        Assert.Equal(Address.Parse(Text(line[1])), signer.Account);
    });

    [Fact]
    public void What_was_signed_is_read_back() => Assert.All(_lines, line =>
    {
        var transaction = Transaction(line);

        Assert.True(new SignedTransaction([.. Bytes(line[10])]).TryGetUnsigned(out var unsigned));
        Assert.Equal(transaction.Encode(), unsigned.Encode());
        Assert.True(UnsignedTransaction.TryDecode(transaction.Encode(), out var decoded));
        Assert.Equal(transaction with { Data = decoded.Data }, decoded);
        Assert.Equal(transaction.Data, decoded.Data);
    });

    // Each byte counts: a transaction that was changed on its way is never taken for the one that was meant.
    [Fact]
    public void What_was_damaged_is_refused_or_reads_differently()
    {
        foreach (var line in _lines.Take(50))
        {
            var raw = Bytes(line[10]);
            var encoded = Transaction(line).Encode();
            for (var place = 0; place < raw.Length - 66; place++)
            {
                var damaged = raw.ToArray();
                damaged[place] ^= 0x01;
                Assert.False(new SignedTransaction([.. damaged]).TryGetUnsigned(out var unsigned)
                    && unsigned.Encode().AsSpan().SequenceEqual(encoded));
            }
        }
    }

    private static UnsignedTransaction Transaction(JsonElement[] line)
    {
        var fee = UInt256.Parse(Text(line[8]));
        return new UnsignedTransaction
        {
            ChainId = Number(line[2]),
            Nonce = Number(line[3]),
            To = Address.Parse(Text(line[4])),
            Value = UInt256.Parse(Text(line[5])),
            Data = [.. Bytes(line[6])],
            GasLimit = Number(line[7]),
            Fees = line[9].ValueKind == JsonValueKind.Null
                ? new LegacyFees(fee)
                : new DynamicFees(fee, UInt256.Parse(Text(line[9]))),
        };
    }

    private static string Text(JsonElement item) => item.GetString()!;

    private static ulong Number(JsonElement item) => ulong.Parse(Text(item), CultureInfo.InvariantCulture);

    private static byte[] Bytes(JsonElement item) => Convert.FromHexString(Text(item)[2..]);

    private static string Write(IEnumerable<byte> bytes) => $"0x{Convert.ToHexStringLower([.. bytes])}";
}
