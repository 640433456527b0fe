using System.Security.Cryptography;
using System.Text;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Signers;

namespace CodexSales.Rx.Ethereum.LocalKey.Tests;

public sealed class LocalKeySignerTests
{
    private static readonly byte[] _key = [.. Enumerable.Repeat((byte)0x46, 32)];

    // The example of EIP-155.
    private static readonly UnsignedTransaction _example = new()
    {
        ChainId = 1,
        Nonce = 9,
        To = Address.Parse("0x3535353535353535353535353535353535353535"),
        Value = UInt256.Parse("1000000000000000000"),
        GasLimit = 21_000,
        Fees = new LegacyFees(20_000_000_000),
    };

    [Fact]
    public void The_example_of_eip155_has_its_signing_hash()
    {
        Assert.Equal(
            "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080",
            Convert.ToHexStringLower(_example.Encode()));
        Assert.Equal(
            Bytes32.Parse("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"),
            _example.GetSigningHash());
    }

    [Fact]
    public async Task The_example_of_eip155_has_its_signature()
    {
        using var signer = LocalKeySigner.FromKey(_key);

        var signed = Assert.IsType<Signed>(await signer.SignAsync(_example, TestContext.Current.CancellationToken));

        Assert.Equal(
            "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a0"
            + "28ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a0"
            + "67cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83",
            Convert.ToHexStringLower([.. signed.Transaction.Raw]));
    }

    // Published with bitcoinjs: RFC 6979 on this curve, of the key 1.
    [Theory]
    [InlineData(
        "Satoshi Nakamoto",
        "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8",
        "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5")]
    [InlineData(
        "All those moments will be lost in time, like tears in rain. Time to die...",
        "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b",
        "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21")]
    public void Published_messages_have_their_signatures(string message, string r, string s)
    {
        using var key = new PrivateKey([.. new byte[31], 1]);

        var signature = key.Sign(new Bytes32(SHA256.HashData(Encoding.UTF8.GetBytes(message))));

        Assert.Equal(UInt256.FromBigEndian(Convert.FromHexString(r)), signature.R);
        Assert.Equal(UInt256.FromBigEndian(Convert.FromHexString(s)), signature.S);
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("46")]
    public void What_is_no_key_of_the_curve_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => LocalKeySigner.FromKey(Convert.FromHexString(key)));

    [Theory]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000001",
        "0x7e5f4552091a69125d5dfcb7b8c2659029395bdf")]
    [InlineData(
        "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140",
        "0x80c0dbf239224071c59dd8970ab9d542e3414ab2")]
    public void The_first_and_the_last_key_have_their_accounts(string key, string account)
    {
        using var signer = LocalKeySigner.FromKey(Convert.FromHexString(key));

        Assert.Equal(Address.Parse(account), signer.Account);
    }

    [Fact]
    public void A_signer_never_tells_its_key()
    {
        using var signer = LocalKeySigner.FromKey(_key);

        Assert.Equal("the local key of 0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f", $"{signer}");
    }

    [Fact]
    public async Task A_signer_that_was_disposed_signs_no_more()
    {
        var signer = LocalKeySigner.FromKey(_key);
        signer.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => signer.SignAsync(_example, TestContext.Current.CancellationToken));
    }
}
