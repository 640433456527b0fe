using CodexSales.Node.Run;
using CodexSales.Node.Tests.Replay;
using CodexSales.Rx.Ethereum.Anvil;
using CodexSales.Rx.Ports.Store;
using Microsoft.Data.Sqlite;

namespace CodexSales.Node.Tests.Run;

/// <summary>What is said where chain, contract, key and account do not fit together.</summary>
public sealed class BadStartTests(MarketOnANode market) : IClassFixture<MarketOnANode>, IAsyncLifetime
{
    private const string WhatACheckIs = " What it reads is {\"hook\":\"check\"}, and what is expected is {\"done\":true}: a hook that "
        + "was written before there was a check needs that one line more.";

    private const string Offer = "size=1MiB,duration=30d,price=1,collateral=1000000";

    private readonly TemporaryFiles _files = new();

    private string Store => _files.PathOf("data/sales.db");

    private string _hook = "";

    public async ValueTask InitializeAsync() =>
        _hook = await _files.WriteScriptAsync("good", "#!/bin/sh\necho '{\"done\":true}'\n");

    public ValueTask DisposeAsync()
    {
        _files.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_node_of_another_chain()
    {
        await using var run = Start("--chain-id", "1");

        await run.AssertRefusedAsync("The node is of chain 31337, not of chain 1.");
    }

    [Fact]
    public async Task An_address_without_a_contract()
    {
        await using var run = StartWith($"{market.Host}");

        await run.AssertRefusedAsync($"There is no contract at {market.Host}.");
    }

    [Fact]
    public async Task A_contract_with_another_interface()
    {
        await using var run = StartWith($"{market.Contract.Token}");

        Assert.Equal(2, await run.EndAsync());
        Assert.StartsWith(
            $"The contract at {market.Contract.Token} is no Marketplace: ", $"{run.Errors}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_not_the_accounts()
    {
        await using var run = Start("--account", $"{market.Node.Accounts[2]}");

        await run.AssertRefusedAsync($"The key is that of {market.Host}, not of {market.Node.Accounts[2]}.");
    }

    [Fact]
    public async Task An_account_whose_key_nobody_has()
    {
        const string Nobody = "0x00000000000000000000000000000000000000aa";
        await using var run = RunningCommand.Start(
            [.. At($"{market.Contract.Marketplace}"), "--account", Nobody, .. Local()]);

        await run.AssertRefusedAsync($"The node does not keep the key of {Nobody}: give a key file or a signer.");
    }

    [Fact]
    public async Task An_account_with_nothing_in_it_is_told_and_waited_for()
    {
        const string Poor = "0x00000000000000000000000000000000000000aa";
        await using var run = RunningCommand.Start(
            [.. At($"{market.Contract.Marketplace}"), "--account", Poor, "--dry-run"]);

        await run.Lines.NextAsync($"The account {Poor} has no ether to pay for gas.");
        await run.Lines.NextAsync("no slot is open on the market");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_told_of_by_its_name_and_asked_until_it_is_interrupted()
    {
        await using var run = RunningCommand.Start(
            "--rpc", "http://127.0.0.1:1/v3/0123456789abcdef", "--marketplace", $"{market.Contract.Marketplace}",
            "--account", $"{market.Host}", "--dry-run", "--availability", Offer);

        var told = await run.Lines.NextAsync("It is asked again every 5 s.");
        Assert.Contains("http://127.0.0.1:1/…", told, StringComparison.Ordinal);
        Assert.Equal(0, await run.InterruptAsync());
        Assert.DoesNotContain("0123456789abcdef", $"{run.Lines}{run.Errors}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_another_process_sells_from()
    {
        await using var first = Start();
        await first.Lines.NextAsync("no slot is open on the market");
        await using var second = Start();

        await second.AssertRefusedAsync($"--data: The store '{Store}' is in use by another process, or twice in this one.");
        Assert.Equal(0, await first.InterruptAsync());
    }

    [Fact]
    public async Task A_store_of_another_chain()
    {
        await using (var first = Start("--report-every", "1"))
        {
            // The block that was read is saved after the first such line, and before the next one.
            await first.Lines.NextAsync("no slot is open on the market");
            await first.Lines.NextAsync("no slot is open on the market");
            Assert.Equal(0, await first.InterruptAsync());
        }

        var elsewhere = new MarketOnANode();
        await elsewhere.InitializeAsync();
        await elsewhere.Node.MineAsync(100);
        await using (var second = RunningCommand.Start([
            .. Arguments(),
            "--rpc", $"{elsewhere.Node.HttpUrl}",
            "--marketplace", $"{elsewhere.Contract.Marketplace}"]))
        {
            Assert.Equal(1, await second.EndAsync());
            Assert.Contains("another chain", $"{second.Errors}", StringComparison.Ordinal);
        }

        await elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task A_store_of_another_marketplace()
    {
        await SellOnceAsync();
        var elsewhere = new MarketOnANode();
        await elsewhere.InitializeAsync();
        var other = await DeployedMarketplace.DeployAsync(elsewhere.Node, new MarketplaceSettings());
        await using (var second = RunningCommand.Start([
            .. Arguments(), "--rpc", $"{elsewhere.Node.HttpUrl}", "--marketplace", $"{other.Marketplace}"]))
        {
            await second.AssertRefusedAsync(
                $"--data: The store '{Store}' remembers the sales of account {market.Host} on "
                    + $"contract {market.Contract.Marketplace} of chain 31337, but it is opened for account {market.Host} "
                    + $"on contract {other.Marketplace} of chain 31337: give each a store of its own.");
        }

        await elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task A_store_of_another_account()
    {
        await SellOnceAsync();
        var key = PrivateFile("other", "5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a");

        await using var second = RunningCommand.Start(
            ["--key-file", key, .. Local(), .. At($"{market.Contract.Marketplace}")]);

        await second.AssertRefusedAsync(
            $"--data: The store '{Store}' remembers the sales of account {market.Host} on contract "
                + $"{market.Contract.Marketplace} of chain 31337, but it is opened for account {market.Node.Accounts[2]} on "
                + $"contract {market.Contract.Marketplace} of chain 31337: give each a store of its own.");
    }

    [Fact]
    public async Task A_store_that_is_damaged()
    {
        await SellOnceAsync();
        await using (var file = File.OpenWrite(Store))
        {
            file.Write("No store begins so."u8);
        }

        await using (var second = Start())
        {
            await second.AssertRefusedAsync(
                $"--data: The store '{Store}' does not begin as a store does. It is kept as '{Store}.damaged-1'. Put a backup "
                    + "in its place, or allow to start with an empty one.");
        }

        await using var third = Start();
        await third.AssertRefusedAsync(
            $"--data: The store '{Store}' is gone. Put a backup in its place, or allow to start with an empty one.");
    }

    [Fact]
    public async Task A_store_of_a_newer_program()
    {
        await SellOnceAsync();
        await using (var connection = new SqliteConnection($"Data Source={Store};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 1000";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var second = Start();

        Assert.Equal(2, await second.EndAsync());
        Assert.Matches(
            $"^--data: The store '{Store}' has version 1000, but this program knows versions up to [0-9]+ only: "
                + "use the newer program that wrote it.\n$",
            $"{second.Errors}");
    }

    [Fact]
    public async Task A_file_in_place_of_the_folder_of_the_data()
    {
        var file = _files.WriteText("file", "");
        await using var run = RunningCommand.Start(
            [.. Key(), .. At($"{market.Contract.Marketplace}"), "--data", file, "--hook", _hook]);

        await run.AssertRefusedAsync($"--data: '{file}' is a file, but a folder is expected.");
    }

    [Fact]
    public async Task A_hook_that_is_not_there()
    {
        await using var run = RunningCommand.Start([
            .. Key(), .. At($"{market.Contract.Marketplace}"), "--data", _files.PathOf("d"),
            "--hook", _files.PathOf("nothing"),
        ]);

        await run.AssertRefusedAsync($"--hook: '{_files.PathOf("nothing")}' is given, but there is no such program.");
    }

    [Fact]
    public async Task A_hook_that_may_not_be_run()
    {
        Needs.Unix("permissions of files");
        var hook = _files.WriteText("hook", "#!/bin/sh");
        await using var run = RunningCommand.Start(
            [.. Key(), .. At($"{market.Contract.Marketplace}"), "--data", _files.PathOf("d"), "--hook", hook]);

        await run.AssertRefusedAsync($"--hook: {hook} may not be run: change that with \"chmod u+x\" first.");
    }

    [Fact]
    public async Task A_hook_that_is_a_folder()
    {
        await using var run = Start("--hook", _files.Root);

        await run.AssertRefusedAsync($"--hook: '{_files.Root}' is a folder, but a program is expected.");
    }

    // What it says itself is told as it is. One that does not know the question learns what is wanted.
    [Theory]
    [InlineData("echo '{\"error\":\"no prover at 7001\"}'", "says: no prover at 7001.")]
    [InlineData("exit 0", "ended without an answer." + WhatACheckIs)]
    [InlineData("echo 'usage: hook' >&2; exit 2", "ended with exit code 2. Its standard error ends with: 'usage: hook'." + WhatACheckIs)]
    public async Task A_hook_that_does_not_pass_the_check(string script, string sentence)
    {
        Needs.Unix("scripts that begin with #!");
        var hook = await _files.WriteScriptAsync("hook", $"#!/bin/sh\n{script}\n");
        await using var run = Start("--hook", hook);

        await run.AssertRefusedAsync($"--hook: The check hook '{hook}' {sentence}");
    }

    // At the start of a machine a prover may be late, and hosted slots can't wait for an operator.
    [Fact]
    public async Task A_hook_that_does_not_pass_the_check_while_slots_are_hosted_is_told_and_they_go_on()
    {
        Needs.Unix("scripts that begin with #!");
        var hook = await _files.WriteScriptAsync("hook", "#!/bin/sh\necho '{\"error\":\"no prover yet\"}'\n");
        using (var store = SalesFile.Open(_files.PathOf("data")))
        {
            await store.SaveAsync([new SaleSaved(HostedSale.Of("v1"))], TestContext.Current.CancellationToken);
        }

        await using var run = Start("--hook", hook);

        await run.Lines.NextAsync($"--hook: The check hook '{hook}' says: no prover yet. Sales are under way, so that they go on all the same.");
        await run.Lines.NextAsync("offer");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Fact]
    public async Task A_disk_with_less_room_than_stays_free()
    {
        await using var run = Start("--keep-free", "1000TiB");

        await run.Lines.NextAsync("Waiting: nothing new is begun: less than the 1000 TiB of --keep-free are free");
        Assert.Contains("1 MiB more are for sale than are stored, but only ", $"{run.Lines}", StringComparison.Ordinal);
        Assert.Contains(
            "disk     less than the 1000 TiB of --keep-free are free on the disk of --data", $"{run.Lines}", StringComparison.Ordinal);
        Assert.Equal(0, await run.InterruptAsync());
    }

    // What is for sale may be changed on the page while it runs: the options of the next start need not fit that.
    [Fact]
    public async Task An_availability_that_can_not_be_taken_while_slots_are_hosted_is_told_and_they_go_on()
    {
        await SellOnceAsync();
        using (var store = SalesFile.Open(_files.PathOf("data")))
        {
            await store.SaveAsync([new SaleSaved(HostedSale.Of("v1"))], TestContext.Current.CancellationToken);
        }

        await using (var shrunk = RunningCommand.Start(
            [.. Key(), .. Local(), .. At($"{market.Contract.Marketplace}")[..4], "--availability", "size=1KiB,duration=30d,price=1,collateral=1,id=v1"]))
        {
            await shrunk.Lines.NextAsync(
                "offer    --availability: Availability 'v1' can't shrink to 1024 bytes: its sales hold 4096. Sales are under way, so that they go on all the same.");
            await shrunk.Lines.NextAsync("offer    v1: ");
            await shrunk.Lines.NextAsync("no slot is open on the market");
            Assert.Equal(0, await shrunk.InterruptAsync());
        }

        Assert.Equal(0, (await CommandRun.OfAsync(
            "availability", "set", "--data", _files.PathOf("data"), "--availability", "size=1KiB,duration=30d,price=1,collateral=1,id=another")).ExitCode);
        await using var run = Start();
        await run.Lines.NextAsync("offer    v1: ");
        await run.Lines.NextAsync("no slot is open on the market");
        Assert.Equal(0, await run.InterruptAsync());
    }

    [Fact]
    public async Task An_availability_that_is_removed_is_not_for_sale_any_more()
    {
        await using (var first = Start())
        {
            await first.Lines.NextAsync("offer");
            Assert.Equal(0, await first.InterruptAsync());
        }

        await using var second = RunningCommand.Start(
            [.. Key(), .. Local(), .. At($"{market.Contract.Marketplace}")[..4], "--remove-availability", "v1"]);

        await second.AssertRefusedAsync(
            "--availability: not given, and the store remembers none, but --availability SPEC is expected.");
    }

    [Fact]
    public async Task Nothing_for_sale()
    {
        await using var run = RunningCommand.Start(
            [.. Key(), .. Local(), .. At($"{market.Contract.Marketplace}")[..4]]);

        await run.AssertRefusedAsync(
            "--availability: not given, and the store remembers none, but --availability SPEC is expected.");
    }

    [Fact]
    public async Task A_key_that_others_may_read()
    {
        Needs.Unix("permissions of files");
        var key = _files.WriteText("open", MarketOnANode.HostKey);
        await using var run = RunningCommand.Start(
            [.. At($"{market.Contract.Marketplace}"), "--key-file", key, "--data", _files.PathOf("d"), "--hook", "x"]);

        await run.AssertRefusedAsync(
            $"--key-file: {key} may be read by others than its owner: change that with \"chmod 600\" first.");
    }

    private RunningCommand Start(params IEnumerable<string> more) => RunningCommand.Start(
        [.. more.Contains("--hook") ? Arguments().Except(["--hook", _hook]) : Arguments(), .. At($"{market.Contract.Marketplace}")[..4], .. more]);

    private RunningCommand StartWith(string marketplace) =>
        RunningCommand.Start([.. Arguments(), .. At(marketplace)[..4]]);

    private string[] At(string marketplace) =>
        ["--rpc", $"{market.Node.HttpUrl}", "--marketplace", marketplace, "--availability", Offer];

    private string[] Arguments() => [.. Key(), .. Local(), "--availability", Offer];

    private string[] Local() => ["--data", _files.PathOf("data"), "--hook", _hook];

    private string[] Key() => ["--key-file", PrivateFile("key", MarketOnANode.HostKey)];

    private string PrivateFile(string name, string text)
    {
        var path = _files.PathOf(name);
        if (!File.Exists(path))
        {
            _files.WriteText(name, text);
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }

        return path;
    }

    private async Task SellOnceAsync()
    {
        await using var first = Start();
        await first.Lines.NextAsync("no slot is open on the market");
        Assert.Equal(0, await first.InterruptAsync());
    }
}
