namespace CodexSales.Node.Tests.Run;

/// <summary>Options of "run" that do not go together, or are missing.</summary>
public sealed class OptionRuleTests
{
    private const string Wanted = "--rpc http://127.0.0.1:1 --marketplace 0x00000000000000000000000000000000000000aa";
    private const string Account = "--account 0x00000000000000000000000000000000000000bb";
    private const string Local = "--data d --hook h";

    [Theory]
    [InlineData("", "--key-file: not given, but it is expected, or --account with or without --signer.")]
    [InlineData(
        "--key-file k --signer http://127.0.0.1:2 " + Local,
        "--signer: given, but not expected where --key-file is given.")]
    [InlineData(
        "--signer http://127.0.0.1:2 " + Local,
        "--account: not given, but expected with --signer: the account that it signs for.")]
    [InlineData(
        Account + " --password-file p " + Local, "--password-file: given, but --key-file is expected with it.")]
    [InlineData(Account + " --clef " + Local, "--clef: given, but --signer is expected with it.")]
    [InlineData(Account + " --hook h", "--data: not given, but --data DIR is expected unless --dry-run is given.")]
    [InlineData(
        Account + " --data d",
        "--hook: not given, but --hook PROGRAM is expected unless --dry-run is given: it makes the proofs.")]
    [InlineData(
        Account + " --dry-run",
        "--availability: not given, but --availability SPEC is expected in a dry run, which has no store.")]
    [InlineData(
        Account + " --source ftp://x/{cid} " + Local,
        "--source: 'ftp://x/{cid}' is given, but an http or https address with {cid}, {requestId} or {index} is "
            + "expected.")]
    [InlineData("--signer nowhere", "--signer: a URL that begins with http://, https://, ws:// or wss:// is expected.")]
    [InlineData("--chain-id x", "--chain-id: 'x' is given, but a whole number from 1 to 2^64 - 1 is expected.")]
    [InlineData("--key-file none --data d --hook h", "--key-file: none can't be read: ")]
    [InlineData("--key-file k --password-file none " + Local, "--password-file: none can't be read: ")]
    public async Task One_sentence_says_what_was_expected(string options, string sentence)
    {
        string[] arguments = [.. $"{Wanted} {options}".Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var run = await CommandRun.OfAsync(["run", .. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(sentence, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
