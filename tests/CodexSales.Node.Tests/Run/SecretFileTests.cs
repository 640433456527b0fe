using CodexSales.Node.Tests.Replay;

namespace CodexSales.Node.Tests.Run;

/// <summary>URLs and passwords from files, and keys that travel in the clear.</summary>
public sealed class SecretFileTests : IDisposable
{
    private const string Offer = "size=1MiB,duration=30d,price=1,collateral=1";
    private const string Account = "0x00000000000000000000000000000000000000bb";

    private static readonly string[] _dry =
    [
        "--marketplace", "0x00000000000000000000000000000000000000aa", "--availability", Offer, "--dry-run",
    ];

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("file:")]
    [InlineData("file://")]
    public async Task A_url_may_come_from_a_file_and_is_told_nowhere(string prefix)
    {
        var file = Private("url", "http://127.0.0.1:1/v3/0123456789abcdef\n");
        await using var run = RunningCommand.Start([.. _dry, "--rpc", prefix + file, "--account", Account]);

        await run.Lines.NextAsync("at http://127.0.0.1:1/…. A dry run");
        Assert.Equal(0, await run.InterruptAsync());
        Assert.DoesNotContain("0123456789abcdef", $"{run.Lines}{run.Errors}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_without_a_url_is_refused_and_not_repeated()
    {
        var file = Private("url", "v3/0123456789abcdef");

        var run = await CommandRun.OfAsync(["run", .. _dry, "--rpc", $"file:{file}", "--account", Account]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"--rpc: {file} is given, but a URL that begins with http://, https://, ws:// or wss:// is expected in it.",
            run.Error.Trim());
    }

    [Theory]
    [InlineData("--rpc", "--account", Account)]
    [InlineData("--password-file", "--key-file", "KEY")]
    public async Task A_secret_that_others_may_read_is_refused(string option, string other, string value)
    {
        Needs.Unix("permissions of files");
        var file = WithMode("open", "http://127.0.0.1:1", UnixFileMode.UserRead | UnixFileMode.GroupRead);
        var key = Private("key", new string('1', 64));
        string[] node = option == "--rpc" ? [] : ["--rpc", "http://127.0.0.1:1"];

        var run = await CommandRun.OfAsync(
            ["run", .. _dry, .. node, option, option == "--rpc" ? $"file:{file}" : file, other, value == "KEY" ? key : value]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"{option}: {file} may be read by others than its owner: change that with \"chmod 600\" first.",
            run.Error.Trim());
    }

    [Fact]
    public async Task A_password_that_is_too_long_is_refused()
    {
        var (key, file) = (Private("key", new string('1', 64)), Private("password", new string('x', 4_097)));

        var run = await CommandRun.OfAsync(
            ["run", .. _dry, "--rpc", "http://127.0.0.1:1", "--key-file", key, "--password-file", file]);

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            $"--password-file: {file} is too long for a password; at most 4096 characters are expected.",
            run.Error.Trim());
    }

    [Theory]
    [InlineData("http://192.0.2.1:9000/k", "http://192.0.2.1:9000/… is another host, and is asked in the clear: ")]
    [InlineData("ws://signer.example", "ws://signer.example is another host, and is asked in the clear: ")]
    [InlineData("https://192.0.2.1:9000", null)]
    [InlineData("http://127.0.0.1:9000", null)]
    [InlineData("http://localhost:9000", null)]
    public async Task A_signer_on_another_host_is_warned_about_when_it_is_asked_in_the_clear(string signer, string? risk)
    {
        await using var run = RunningCommand.Start(
            [.. _dry, "--rpc", "http://127.0.0.1:1", "--account", Account, "--signer", signer]);

        await run.Lines.NextAsync(risk ?? "A dry run");
        await run.Lines.NextAsync("It is asked again every 5 s.");
        Assert.Equal(0, await run.InterruptAsync());
        Assert.Equal(risk is not null, $"{run.Lines}".Contains("in the clear", StringComparison.Ordinal));
    }

    private string Private(string name, string text) => WithMode(name, text, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private string WithMode(string name, string text, UnixFileMode mode)
    {
        var path = _files.WriteText(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }
}
