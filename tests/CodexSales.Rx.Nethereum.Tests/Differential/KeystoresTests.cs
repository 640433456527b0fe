using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Nethereum.Signers;
using Nethereum.KeyStore;
using Nethereum.KeyStore.Model;
using Nethereum.Signer;

namespace CodexSales.Rx.Nethereum.Tests.Differential;

/// <summary>Keystores that Nethereum wrote, opened by us, and one of ethers, opened by both.</summary>
public sealed class KeystoresTests : IDisposable
{
    private static readonly string[] _passwords = ["", "testpassword", "a pässword", "密碼 🔑", new string('x', 200)];

    // Written by ethers; the password is "a pässword".
    private const string OfEthers = """
        {"address":"008aeeda4d805471df9b2a5b0f38a0c3bcba786b","id":"01010101-0101-4101-8101-010101010101","version":3,
        "Crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"ffffffffffffffffffffffffffffffff"},
        "ciphertext":"92b30ccdda7c41a8685eb14e12e94764fabf41d5e725274c14229d2d602033e9","kdf":"scrypt",
        "kdfparams":{"salt":"abababababababababababababababababababababababababababababababab",
        "n":1024,"dklen":32,"p":1,"r":8},
        "mac":"e4cc9fc40f82ecd66430aa6f55da9756179e57a4f2e6e799c85d615b1e79778c"}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("codexsales-keystores-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Keystores_by_scrypt_open_alike()
    {
        var draw = new Draw(19_017);
        for (var round = 0; round < 25; round++)
        {
            var (key, password) = (draw.Key(), _passwords[round % _passwords.Length]);
            var cost = new ScryptParams { Dklen = 32 + (32 * draw.Below(2)), N = 2 << draw.Below(8), R = 1 + draw.Below(8), P = 1 + draw.Below(3) };
            var account = new EthECKey(key, isPrivate: true).GetPublicAddress();

            AssertOpens(new KeyStoreScryptService().EncryptAndGenerateKeyStoreAsJson(password, key, account, cost), password, account);
        }
    }

    [Fact]
    public void Keystores_by_pbkdf2_open_alike()
    {
        var draw = new Draw(19_018);
        for (var round = 0; round < 25; round++)
        {
            var (key, password) = (draw.Key(), _passwords[round % _passwords.Length]);
            var cost = new Pbkdf2Params { Dklen = 32 + (32 * draw.Below(2)), Count = 1 + draw.Below(2_000), Prf = "hmac-sha256" };
            var account = new EthECKey(key, isPrivate: true).GetPublicAddress();

            AssertOpens(new KeyStorePbkdf2Service().EncryptAndGenerateKeyStoreAsJson(password, key, account, cost), password, account);
        }
    }

    [Fact]
    public void A_keystore_of_ethers_opens_alike() =>
        AssertOpens(OfEthers, "a pässword", "0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b");

    [Fact]
    public void A_wrong_password_is_told_alike()
    {
        Assert.EndsWith("The password is not that of " + Write(OfEthers) + ".", Assert.Throws<KeyFileException>(
            () => LocalKeySigner.FromFile(Write(OfEthers), "wrong")).Message, StringComparison.Ordinal);
        Assert.Equal("The password is not that of the keystore.", Assert.Throws<KeyFileException>(
            () => NethereumSigners.OpenKeystore(OfEthers, "wrong")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"version\":3,\"crypto\":{\"kdf\":\"argon2\"}}")]
    public void What_is_no_keystore_is_told_without_a_word_of_it(string json) => Assert.Equal(
        "The keystore holds no key, or is of another kind than Nethereum can open.",
        Assert.Throws<KeyFileException>(() => NethereumSigners.OpenKeystore(json, "any")).Message);

    private void AssertOpens(string json, string password, string account)
    {
        using var ours = LocalKeySigner.FromFile(Write(json), password);
        using var theirs = NethereumSigners.OpenKeystore(json, password);
        Assert.Equal(Address.Parse(account), ours.Account);
        Assert.Equal(Address.Parse(account), theirs.Account);
    }

    private string Write(string json)
    {
        var path = Path.Combine(_folder.FullName, "keystore");
        File.WriteAllText(path, json);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
