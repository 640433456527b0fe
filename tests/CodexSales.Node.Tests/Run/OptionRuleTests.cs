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
    [InlineData(
        Account + " --payout-to 0x0000000000000000000000000000000000000000 " + Local,
        "--payout-to: 0x0000000000000000000000000000000000000000 is given, but an account is expected that can take the "
            + "rewards.")]
    [InlineData(
        Account + " --payout-to 0x00000000000000000000000000000000000000aa " + Local,
        "--payout-to: 0x00000000000000000000000000000000000000aa is given, but an account is expected that can take the "
            + "rewards.")]
    [InlineData(
        Account + " --payout-to cold " + Local,
        "--payout-to: 'cold' is given, but an address is expected: 0x and 40 hexadecimal digits.")]
    [InlineData(
        Account + " --least-gwei-tip 1gwei " + Local,
        "--least-gwei-tip: '1gwei' is given, but a number from 0 to 1000000 is expected.")]
    [InlineData(
        Account + " --least-gwei-tip -1 " + Local,
        "--least-gwei-tip: '-1' is given, but a number from 0 to 1000000 is expected.")]
    [InlineData(
        Account + " --least-gwei-tip 3 --most-gwei-per-gas 2.5 " + Local,
        "--least-gwei-tip: 3 gwei is given, but at most 2.5 gwei is expected, which is --most-gwei-per-gas.")]
    [InlineData(
        Account + " --most-gwei-per-gas 0.5ether " + Local,
        "--most-gwei-per-gas: '0.5ether' is given, but a number from 0.001 to 1000000 is expected.")]
    [InlineData(
        Account + " --most-ether-per-day 0.2 " + Local,
        "--most-ether-per-day: 0.2 ether is given, but at least 0.3 ether is expected: one slot may take that much to "
            + "fill at the 500 gwei of --most-gwei-per-gas.")]
    [InlineData(
        Account + " --most-ether-per-day -1 " + Local,
        "--most-ether-per-day: '-1' is given, but a number from 0 to 1000000 is expected.")]
    [InlineData(
        Account + " --most-in-flight 0 " + Local,
        "--most-in-flight: '0' is given, but a whole number from 1 to 1000 is expected.")]
    [InlineData(
        Account + " --standing-allowance 5tokens " + Local,
        "--standing-allowance: '5tokens' is given, but a whole number from 1 to 2^256 - 1 is expected.")]
    [InlineData(
        Account + " --standing-allowance 0 " + Local,
        "--standing-allowance: '0' is given, but a whole number from 1 to 2^256 - 1 is expected.")]
    [InlineData(
        Account + " --unestimated-fill-gas 20000 " + Local,
        "--unestimated-fill-gas: '20000' is given, but a whole number from 100000 to 30000000 is expected.")]
    [InlineData(
        Account + " --unestimated-fill-gas 30000000 " + Local,
        "--unestimated-fill-gas: 30000000 is given, but at most 3800000 is expected: at the 500 gwei of --most-gwei-per-gas half "
            + "of it would cost more than the 1 ether of --most-ether-per-day.")]
    [InlineData(
        Account + " --payout-to 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD " + Local,
        "--payout-to: '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD' is given, but an address is expected: the case of its letters is "
            + "its checksum (ERC-55), and is another.")]
    [InlineData(Account + " --rpc file:none " + Local, "--rpc: none can't be read: ")]
    [InlineData("--signer file:///none/url " + Local, "--signer: /none/url can't be read: ")]
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

    [Theory]
    [InlineData("--chain-id", "mainnet", "a whole number from 1 to 2^64 - 1")]
    [InlineData("--chain-id", "0", "a whole number from 1 to 2^64 - 1")]
    [InlineData("--chain-id", "-1", "a whole number from 1 to 2^64 - 1")]
    [InlineData("--requests-per-second", "5/s", "a number from 0.1 to 100000")]
    [InlineData("--requests-per-second", "-5", "a number from 0.1 to 100000")]
    [InlineData("--least-gwei-tip", "", "a number from 0 to 1000000")]
    [InlineData("--most-gwei-per-gas", "-40", "a number from 0.001 to 1000000")]
    [InlineData("--most-gwei-per-gas", "NaN", "a number from 0.001 to 1000000")]
    [InlineData("--most-ether-per-day", "1ether", "a number from 0 to 1000000")]
    [InlineData("--most-ether-per-day", "1e3", "a number from 0 to 1000000")]
    [InlineData("--most-in-flight", "-3", "a whole number from 1 to 1000")]
    [InlineData("--most-in-flight", "64tx", "a whole number from 1 to 1000")]
    [InlineData("--unestimated-fill-gas", "-1", "a whole number from 100000 to 30000000")]
    [InlineData("--unestimated-fill-gas", "1Mgas", "a whole number from 100000 to 30000000")]
    [InlineData("--standing-allowance", "-5", "a whole number from 1 to 2^256 - 1")]
    [InlineData("--standing-allowance", "1e18", "a whole number from 1 to 2^256 - 1")]
    [InlineData("--final-blocks", "-1", "a whole number from 1 to 100000")]
    [InlineData("--final-blocks", "12s", "a whole number from 1 to 100000")]
    [InlineData("--final-seconds", "-1", "a whole number from 0 to 604800")]
    [InlineData("--final-seconds", "604801", "a whole number from 0 to 604800")]
    [InlineData("--stop-within", "2m", "a number from 0 to 86400")]
    [InlineData("--stop-within", "-1", "a number from 0 to 86400")]
    public async Task A_value_of_the_chain_and_of_transactions(string option, string value, string expected)
    {
        string[] given = [.. $"{Wanted} {Account} {Local}".Split(' ')];
        var run = await CommandRun.OfAsync(["run", .. given, option, value]);

        Assert.Equal((2, $"{option}: '{value}' is given, but {expected} is expected.\n"), (run.ExitCode, run.Error));
    }

    [Theory]
    [InlineData("--forget-blocks")]
    [InlineData("--clef")]
    public async Task A_value_where_none_is_expected(string option)
    {
        string[] given = [.. $"{Wanted} {Account} {Local}".Split(' ')];
        var run = await CommandRun.OfAsync(["run", .. given, option, "yes"]);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("yes: not known to run", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
