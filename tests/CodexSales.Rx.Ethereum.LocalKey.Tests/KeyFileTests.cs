using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Ethereum.LocalKey.Tests;

public sealed class KeyFileTests : IDisposable
{
    private const string Key = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    // Written by ethers; the password is "a pässword".
    private const string Scrypt = """
        {"address":"008aeeda4d805471df9b2a5b0f38a0c3bcba786b","id":"01010101-0101-4101-8101-010101010101","version":3,
        "Crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"ffffffffffffffffffffffffffffffff"},
        "ciphertext":"92b30ccdda7c41a8685eb14e12e94764fabf41d5e725274c14229d2d602033e9","kdf":"scrypt",
        "kdfparams":{"salt":"abababababababababababababababababababababababababababababababab",
        "n":1024,"dklen":32,"p":1,"r":8},
        "mac":"e4cc9fc40f82ecd66430aa6f55da9756179e57a4f2e6e799c85d615b1e79778c"}}
        """;

    // The examples of the Web3 Secret Storage definition; the password is "testpassword".
    private const string LargeScrypt = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
        "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
        "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,
        "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
        "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private const string Pbkdf2 = """
        {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
        "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
        "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
        "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
        "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
        "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}
        """;

    private static readonly Address _account = Address.Parse("0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("codexsales-keys-");

    public static TheoryData<string> NotTheOwners =>
        [.. new[] { "GroupRead", "GroupWrite", "OtherRead", "OtherWrite", "OtherExecute" }];

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(Key)]
    [InlineData($"0x{Key}\n")]
    [InlineData("0x7A28B5BA57C53603B0B07B56BBA752F7784BF506FA95EDC395F5CF6C7514FE9D\r\n")]
    public void A_bare_key_is_read(string text)
    {
        using var signer = LocalKeySigner.FromFile(Write(text));

        Assert.Equal(_account, signer.Account);
    }

    [Theory]
    [InlineData(Scrypt, "a pässword")]
    [InlineData(LargeScrypt, "testpassword")]
    [InlineData(Pbkdf2, "testpassword")]
    public void A_keystore_is_opened_with_its_password(string text, string password)
    {
        using var signer = LocalKeySigner.FromFile(Write(text), password);

        Assert.Equal(_account, signer.Account);
    }

    [Fact]
    public void A_keystore_is_not_opened_with_another_password() => AssertRefused(
        Scrypt, "The password is not that of FILE.", "a password");

    [Theory]
    [InlineData("", "FILE holds no key: 64 hexadecimal digits or a keystore of version 3 is expected.")]
    [InlineData("0x12", "FILE holds no key: 64 hexadecimal digits or a keystore of version 3 is expected.")]
    [InlineData(
        "0000000000000000000000000000000000000000000000000000000000000000",
        "FILE holds no key of the curve secp256k1.")]
    [InlineData("{\"version\":1}", "FILE is a keystore of version 1; only version 3 can be read.")]
    [InlineData(
        "{\"version\":3,\"crypto\":{\"cipher\":\"rot13\"}}",
        "FILE is encrypted with rot13; only aes-128-ctr can be read.")]
    public void A_file_without_a_key_is_refused(string text, string said) => AssertRefused(text, said);

    [Theory]
    [InlineData("{")]
    [InlineData("{\"version\":3}")]
    [InlineData("{\"version\":\"3\"}")]
    [InlineData("{\"version\":3,\"crypto\":{\"cipher\":\"aes-128-ctr\",\"ciphertext\":\"xy\"}}")]
    public void A_broken_keystore_is_refused(string text)
    {
        var refused = Assert.Throws<KeyFileException>(() => LocalKeySigner.FromFile(Write(text)));

        Assert.Contains("is no keystore of version 3", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"n\":1024", "\"n\":1023", "scrypt with n = 1023, r = 8, p = 1, which are no parameters of scrypt.")]
    [InlineData("\"n\":1024", "\"n\":0", "scrypt with n = 0, r = 8, p = 1, which are no parameters of scrypt.")]
    [InlineData(
        "\"n\":1024,\"dklen\":32,\"p\":1,\"r\":8",
        "\"n\":16777216,\"dklen\":32,\"p\":1,\"r\":1",
        "scrypt with n = 16777216, r = 1, p = 1: that could take more than 1 GiB of memory or 30 s.")]
    [InlineData("\"r\":8", "\"r\":-1", "scrypt with n = 1024, r = -1, p = 1, which are no parameters of scrypt.")]
    [InlineData(
        "\"n\":1024",
        "\"n\":1073741824",
        "scrypt with n = 1073741824, r = 8, p = 1: that could take more than 1 GiB of memory or 30 s.")]
    [InlineData(
        "\"n\":1024",
        "\"n\":4611686018427387904",
        "scrypt with n = 4611686018427387904, r = 8, p = 1: that could take more than 1 GiB of memory or 30 s.")]
    [InlineData(
        "\"n\":1024",
        "\"n\":2097152",
        "scrypt with n = 2097152, r = 8, p = 1: that could take more than 1 GiB of memory or 30 s.")]
    [InlineData(
        "\"p\":1",
        "\"p\":4096",
        "scrypt with n = 1024, r = 8, p = 4096: that could take more than 1 GiB of memory or 30 s.")]
    [InlineData(
        "\"r\":8",
        "\"r\":9223372036854775807",
        "scrypt with n = 1024, r = 9223372036854775807, p = 1: that could take more than 1 GiB of memory or 30 s.")]
    [InlineData("\"kdf\":\"scrypt\"", "\"kdf\":\"none\"", "none; scrypt or pbkdf2 is expected.")]
    public void A_keystore_that_asks_for_too_much_or_too_little_work_is_refused(string part, string other, string said) =>
        AssertRefused(
            Scrypt.Replace(part, other, StringComparison.Ordinal), $"FILE derives its key by {said}", "a pässword");

    [Fact]
    public void A_keystore_of_too_many_iterations_is_refused() => AssertRefused(
        Pbkdf2.Replace("262144", "3000000000", StringComparison.Ordinal),
        "FILE derives its key by pbkdf2 with c = 3000000000, dklen = 32: that could take more than 30 s.",
        "testpassword");

    [Fact]
    public void A_keystore_of_a_short_key_is_refused() => AssertRefused(
        Scrypt.Replace("\"dklen\":32", "\"dklen\":16", StringComparison.Ordinal),
        "FILE derives a key of dklen = 16; 32 to 1024 bytes are expected.");

    [Fact]
    public void A_keystore_of_no_number_is_refused()
    {
        var refused = Assert.Throws<KeyFileException>(() => LocalKeySigner.FromFile(
            Write(Scrypt.Replace("1024", "1e99", StringComparison.Ordinal))));

        Assert.EndsWith("is no keystore of version 3: 'n' is 1e99.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        var refused = Assert.Throws<KeyFileException>(
            () => LocalKeySigner.FromFile(Path.Combine(_directory.FullName, "missing")));

        Assert.Contains("missing can't be read: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_is_refused() =>
        AssertRefused(new string(' ', 70_000), "FILE is too large for a file with a secret: 70000 bytes.");

    [Fact]
    public void A_text_ends_where_its_last_line_does()
    {
        var path = Write(" a pässword \r\n\n");

        Assert.Equal(" a pässword ", PrivateFile.ReadText(path));
    }

    [Theory]
    [MemberData(nameof(NotTheOwners))]
    public void A_file_that_others_may_read_is_refused_where_that_can_be_told(string mode)
    {
        var path = Write(Key);
        SetMode(path, Enum.Parse<UnixFileMode>(mode));

        var refused = Record.Exception(() => LocalKeySigner.FromFile(path).Dispose());

        Assert.Equal(
            OperatingSystem.IsWindows()
                ? null
                : $"{path} may be read by others than its owner: change that with \"chmod 600\" first.",
            Assert.IsType<KeyFileException?>(refused, exactMatch: false)?.Message);
    }

    private void AssertRefused(string text, string said, string password = "")
    {
        var path = Write(text);

        var refused = Assert.Throws<KeyFileException>(() => LocalKeySigner.FromFile(path, password));

        Assert.Equal(said.Replace("FILE", path, StringComparison.Ordinal), refused.Message);
        Assert.DoesNotContain(Key, $"{refused}", StringComparison.OrdinalIgnoreCase);
    }

    private string Write(string text)
    {
        var path = Path.Combine(_directory.FullName, "key");
        File.WriteAllText(path, text);
        SetMode(path, UnixFileMode.None);
        return path;
    }

    private static void SetMode(string path, UnixFileMode more)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        }
    }
}
