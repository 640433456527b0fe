using System.Diagnostics;
using CodexSales.Node.Tests.Replay;

namespace CodexSales.Node.Tests.Run;

/// <summary>Options that come from the settings file and the environment.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Marketplace = "0x00000000000000000000000000000000000000aa";
    private const string Account = "0x00000000000000000000000000000000000000bb";
    private const string Offer = "size=1MiB,duration=30d,price=1,collateral=1";

    private static readonly Dictionary<string, string?> _nothing = [];

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task All_of_them_may_come_from_the_file()
    {
        var file = WriteSettings(
            $$"""
            {
              "Logging": { "any": "thing" },
              "run": {
                "rpc": ["http://127.0.0.1:1", "http://127.0.0.1:2"], "marketplace": "{{Marketplace}}",
                "account": "{{Account}}", "availability": ["{{Offer}}"], "workers": 5, "dry-run": true
              }
            }
            """);
        await using var run = RunningCommand.StartWith(file, _nothing);

        await run.Lines.NextAsync(
            $"{Account} sells on {Marketplace} at http://127.0.0.1:1, http://127.0.0.1:2. A dry run");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Fact]
    public async Task The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        var file = WriteSettings(
            $$"""
            { "run": { "rpc": ["http://127.0.0.1:1", "http://127.0.0.1:2"], "marketplace": "0x1", "account": "0x2" } }
            """);
        await using var run = RunningCommand.StartWith(
            file,
            new() { ["RPC:0"] = "http://127.0.0.1:3", ["ACCOUNT"] = "0x3", ["DRY_RUN"] = "true" },
            "--marketplace", Marketplace, "--account", Account, "--availability", Offer);

        await run.Lines.NextAsync($"{Account} sells on {Marketplace} at http://127.0.0.1:3. A dry run");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_no_file()
    {
        await using var run = RunningCommand.StartWith(_files.PathOf("none"), _nothing);

        await run.AssertRefusedAsync("--rpc: not given, but --rpc URL is expected.");
    }

    [Fact]
    public async Task A_wrong_value_is_told_with_the_file_that_it_is_in()
    {
        await using var run = RunningCommand.StartWith(
            WriteSettings("""{ "run": { "rpc": "http://127.0.0.1:1", "marketplace": "0x12" } }"""), _nothing);

        await run.AssertRefusedAsync(
            "appsettings.json: --marketplace: '0x12' is given, but an address is expected: "
                + "0x and 40 hexadecimal digits.");
    }

    [Fact]
    public async Task A_wrong_value_is_told_with_the_variable_that_it_is_in()
    {
        await using var run = RunningCommand.StartWith(null, new() { ["QUEUE_SIZE"] = "none" }, Wanted());

        await run.AssertRefusedAsync(
            "CODEXSALES_QUEUE_SIZE: --queue-size: 'none' is given, but a whole number from 1 to 1000000 is expected.");
    }

    [Fact]
    public async Task A_node_that_is_no_URL_is_not_repeated()
    {
        await using var run = RunningCommand.StartWith(
            WriteSettings("""{ "run": { "rpc": "secret://0123456789abcdef" } }"""), _nothing, Wanted()[2..]);

        await run.AssertRefusedAsync(
            "appsettings.json: --rpc: a URL that begins with http://, https://, ws:// or wss:// is expected.");
    }

    [Fact]
    public async Task What_a_cluster_or_another_verb_has_in_the_environment_is_ignored_with_a_warning()
    {
        await using var run = RunningCommand.StartWith(
            null,
            new() { ["NODE"] = "http://10.0.0.7", ["PORT"] = "tcp://10.0.0.7:80", ["PORT_80_TCP_ADDR"] = "10.0.0.7", ["SERVICE_HOST"] = "10.0.0.7" },
            [.. Wanted(), "--account", Account, "--availability", Offer, "--dry-run"]);

        await run.Errors.NextAsync("CODEXSALES_NODE: 'http://10.0.0.7' is ignored: it is no option of run.");
        await run.Errors.NextAsync("CODEXSALES_PORT: 'tcp://10.0.0.7:80' is ignored: it is no option of run.");
        await run.Lines.NextAsync("A dry run");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Theory]
    [InlineData("hook", UnixFileMode.OtherWrite)]
    [InlineData("Hook", UnixFileMode.GroupWrite)]
    [InlineData("key-file", UnixFileMode.GroupWrite)]
    [InlineData("key_file", UnixFileMode.GroupWrite)]
    [InlineData("password-file", UnixFileMode.GroupWrite)]
    [InlineData("signer", UnixFileMode.GroupWrite)]
    [InlineData("account", UnixFileMode.GroupWrite)]
    [InlineData("payout-to", UnixFileMode.GroupWrite)]
    public async Task A_file_that_others_may_write_names_neither_programs_nor_keys(string option, UnixFileMode others)
    {
        Needs.Unix("permissions of files");
        var file = WriteSettingsFor(others, $$"""{ "run": { "{{option}}": "anything" } }""");

        await using var run = RunningCommand.StartWith(file, _nothing, Wanted());

        await run.AssertRefusedAsync(
            $"--{option.ToLowerInvariant().Replace('_', '-')}: {file} may be written by others than its owner, so it is not "
                + "taken from there: change that with \"chmod go-w\" first.");
    }

    [Fact]
    public async Task A_file_of_another_user_names_neither_programs_nor_keys()
    {
        Needs.LinuxRoot("a file of another owner");
        var file = WriteSettings("""{ "run": { "hook": "anything" } }""");
        using var chown = Process.Start("chown", ["65534", file]);
        await chown.WaitForExitAsync(TestContext.Current.CancellationToken);

        await using var run = RunningCommand.StartWith(file, _nothing, Wanted());

        await run.AssertRefusedAsync(
            $"--hook: {file} belongs to another user, so it is not taken from there: change that with \"chown\" first.");
    }

    [Fact]
    public async Task A_file_that_others_may_write_has_other_options_and_what_is_given_elsewhere()
    {
        Needs.Unix("permissions of files");
        var file = WriteSettingsFor(
            UnixFileMode.OtherWrite, $$"""{ "run": { "account": "0x1", "availability": "{{Offer}}", "dry-run": true } }""");

        await using var run = RunningCommand.StartWith(file, new() { ["ACCOUNT"] = Account }, Wanted());

        await run.Lines.NextAsync($"{Account} sells on {Marketplace}");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Fact]
    public async Task A_value_that_begins_with_an_at_sign_is_no_file()
    {
        await using var run = RunningCommand.Start([.. Wanted()[..2], "--marketplace", "@none"]);

        await run.AssertRefusedAsync(
            "--marketplace: '@none' is given, but an address is expected: 0x and 40 hexadecimal digits.");
    }

    [Fact]
    public async Task Several_availabilities_need_ids()
    {
        await using var run = RunningCommand.Start(
            [.. Wanted(), "--account", Account, "--availability", $"{Offer},id=a", "--availability", Offer, "--dry-run"]);

        await run.AssertRefusedAsync(
            $"--availability: '{Offer}' is given, but id is expected in it, too, as in each where there is more than one.");
    }

    [Fact]
    public async Task An_option_that_there_is_not()
    {
        await using var run = RunningCommand.StartWith(
            WriteSettings("""{ "run": { "worker": 3 } }"""), _nothing, Wanted());

        Assert.Equal(2, await run.EndAsync());
        Assert.StartsWith(
            "appsettings.json: --worker: not known to run, which expects options out of --rpc, ",
            $"{run.Errors}",
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ oops }", ", line 1: JSON is expected, but it is malformed: 'o' is an invalid start of a property name. Expected a '\"'.")]
    [InlineData("{\n  \"run\": {\n    \"workers\": many }}", ", line 3: JSON is expected, but it is malformed: 'm' is an invalid start of a value.")]
    [InlineData("[]", ": JSON is expected, but it is malformed: Top-level JSON element must be an object. Instead, 'Array' was found.")]
    public async Task A_file_that_is_no_JSON(string text, string sentence)
    {
        var file = WriteSettings(text);
        await using var run = RunningCommand.StartWith(file, _nothing, Wanted());

        await run.AssertRefusedAsync($"{file}{sentence}");
    }

    [Theory]
    [InlineData("""{ "a": 1 }""")]
    [InlineData("""[{ "a": 1 }]""")]
    [InlineData("[[1]]")]
    public async Task An_option_with_fields_of_its_own(string value)
    {
        await using var run = RunningCommand.StartWith(WriteSettings($$"""{ "run": { "workers": {{value}} } }"""), _nothing, Wanted());

        await run.AssertRefusedAsync("appsettings.json: --workers: a value or a list of values is expected, but fields are given below it.");
    }

    [Fact]
    public async Task Options_that_change_are_taken_while_it_runs_or_named_and_wrong_ones_change_nothing()
    {
        Needs.Unix("a file that only its owner may read");
        var node = _files.WriteText("node", "http://127.0.0.1:1");
        Restrict(node);
        var file = Write("\"workers\": 3");
        await using var run = RunningCommand.StartWith(file, _nothing, "--rpc", $"file:{node}", "--marketplace", Marketplace);
        await run.Lines.NextAsync("A dry run");

        _files.WriteText("node", "http://127.0.0.1:2");
        Write("""
            "workers": 2, "queue-size": 7, "alert-ether-days": 1, "stop-within": 3, "report-every": 5, "most-ether-per-day": 2, "path-base": "/sales"
            """);
        run.Reload();
        await run.Lines.NextAsync("options  Changed options are taken: 2 workers, a queue of 7.");
        await run.Lines.NextAsync("options  --rpc, --most-ether-per-day, --report-every, --path-base: changed, which waits for the next start.");

        Write("\"workers\": \"many\"");
        run.Reload();
        await run.Lines.NextAsync(
            "options  Changed options are not taken: appsettings.json: --workers: 'many' is given, but a whole number from 0 to 1000 is expected.");
        Write("\"alert-secret-file\": \"x\"");
        run.Reload();
        await run.Lines.NextAsync("options  Changed options are not taken: --alert-webhook is not given; an address is expected.");

        Write("\"workers\": 9");
        run.Reload();
        await run.Lines.NextAsync("options  Changed options are taken: 3 workers, a queue of 128.");
        await run.Lines.NextAsync("options  --workers: 9 is given; until the next start 3 is the most.");
        Assert.Equal(0, await run.InterruptAsync());

        string Write(string more) => WriteSettings(
            $$"""{ "run": { "account": "{{Account}}", "availability": "{{Offer}}", "dry-run": true, {{more}} } }""");
    }

    private static void Restrict(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static string[] Wanted() => ["--rpc", "http://127.0.0.1:1", "--marketplace", Marketplace];

    private string WriteSettingsFor(UnixFileMode others, string text)
    {
        var file = WriteSettings(text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        }

        return file;
    }

    private string WriteSettings(string text) => _files.WriteText("appsettings.json", text);
}
