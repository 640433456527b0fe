using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using CodexSales.Node.Tests.Remote;
using CodexSales.Node.Tests.Replay;
using CodexSales.Node.Tests.Run;

namespace CodexSales.Node.Tests.Serving;

/// <summary>The page and the APIs of "run" and "demo": where they are served, and to whom.</summary>
public sealed partial class ListenTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private static readonly string[] _dry =
    [
        "--rpc", "http://127.0.0.1:1", "--marketplace", "0x00000000000000000000000000000000000000aa",
        "--account", "0x00000000000000000000000000000000000000bb", "--dry-run",
        "--availability", "size=1MiB,duration=30d,price=1,collateral=1",
    ];

    private readonly TemporaryFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_page_with_all_its_files_and_the_api_are_served_as_long_as_it_runs()
    {
        await using var program = RunningProgram.Start(_files.Root, ["run", .. _dry, "--listen", AnyPort]);
        using var client = await ConnectAsync(program);

        var scripts = Script().Matches(await GetAsync(client, "/")).Select(match => match.Groups[1].Value).ToList();
        Assert.True(scripts.Count >= 3, $"The page has {scripts.Count} scripts.");
        foreach (var script in scripts)
        {
            Assert.NotEmpty(await GetAsync(client, $"/{script}"));
        }

        Assert.Contains("# TYPE ", await GetAsync(client, "/metrics"), StringComparison.Ordinal);
        Assert.Contains("Not selling: ", await GetAsync(client, "/api/v1/health"), StringComparison.Ordinal);
        Assert.Contains("codexsales_queue_length", await GetAsync(client, "/metrics"), StringComparison.Ordinal);

        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
        await program.Lines.NextAsync("Stopped before anything was sold.");
    }

    [Fact]
    public async Task With_a_token_nobody_comes_in_without_it()
    {
        var token = _files.WriteText("token", "0123456789abcdef");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(token, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using var program = RunningProgram.Start(
            _files.Root, ["run", .. _dry, "--listen", "http://0.0.0.0:0", "--token-file", token]);
        using var client = await ConnectAsync(program);

        using var refused = await client.GetAsync(new Uri("/api/v1/health", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "0123456789abcdef");
        Assert.Contains("Not selling: ", await GetAsync(client, "/api/v1/health"), StringComparison.Ordinal);
        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_and_nothing_is_asked_of_the_chain()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var address = $"http://{other.LocalEndpoint}";

        await using var program = RunningProgram.Start(_files.Root, ["run", .. _dry, "--listen", address]);

        Assert.Equal(2, await program.EndAsync());
        await program.Lines.NextAsync($"--listen: {address}/ is in use by another program: another port is expected, or none.");
        Assert.DoesNotContain("It is asked again", $"{program.Lines}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "--listen http://0.0.0.0:8080",
        "--token-file: not given, but expected with --listen http://0.0.0.0:8080/, which others can reach: whoever can, may steer this host.")]
    [InlineData(
        "--listen http://[::]:8080",
        "--token-file: not given, but expected with --listen http://[::]:8080/, which others can reach: whoever can, may steer this host.")]
    [InlineData(
        "--listen 8080",
        "--listen: '8080' is given, but none, or a URL such as http://127.0.0.1:8080 of an address of this machine is expected.")]
    [InlineData(
        "--listen http://host.example:8080",
        "--listen: 'http://host.example:8080' is given, but none, or a URL such as http://127.0.0.1:8080 of an address of this machine is "
            + "expected.")]
    [InlineData(
        "--listen https://127.0.0.1:8080",
        "--listen: 'https://127.0.0.1:8080' is given, but none, or a URL such as http://127.0.0.1:8080 of an address of this machine is "
            + "expected.")]
    [InlineData(
        "--listen http://127.0.0.1:8080/sales",
        "--listen: 'http://127.0.0.1:8080/sales' is given, but none, or a URL such as http://127.0.0.1:8080 of an address of this machine is "
            + "expected.")]
    public async Task Where_it_can_not_listen_is_told_in_a_sentence(string options, string sentence)
    {
        foreach (var command in new[] { _dry.Prepend("run"), ["demo"] })
        {
            var run = await CommandRun.OfAsync([.. command, .. options.Split(' ')]);

            Assert.Equal((2, sentence + "\n"), (run.ExitCode, run.Error));
        }
    }

    [Theory]
    [InlineData("run", "queue --json")]
    [InlineData("demo", "history --csv")]
    public async Task Verbs_that_ask_again_and_again_while_it_stops_end_with_a_sentence(string command, string more)
    {
        await using var program = RunningProgram.Start(_files.Root, [command, .. command is "run" ? _dry : [], "--listen", AnyPort]);
        using var client = await ConnectAsync(program);
        var url = $"{client.BaseAddress}";

        string[][] verbs = [["status"], ["queue"], ["sales", "--json"], ["workers"], ["availability", "list"], ["alerts"], ["resume"], more.Split(' ')];
        var asking = verbs.Select(verb => Task.Run(() => AskUntilItIsGoneAsync(url, verb))).ToList();
        await Task.WhenAll(verbs.Select(verb => RunningNode.RunAsync(url, null, verb)));
        program.Interrupt();

        foreach (var run in (await Task.WhenAll(asking).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).SelectMany(runs => runs))
        {
            Assert.InRange(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, run.ExitCode is 3 ? 1 : 0, 1);
            Assert.True(run.ExitCode is 0 or 1 or 3, run.Error);
            Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, await program.EndAsync());
    }

    private static async Task<List<CommandRun>> AskUntilItIsGoneAsync(string url, string[] verb)
    {
        List<CommandRun> runs = [];
        do
        {
            runs.Add(await RunningNode.RunAsync(url, null, verb));
        }
        while (runs[^1].ExitCode != 3);
        return runs;
    }

    [Theory]
    [InlineData("--token-file none", "--token-file: none can't be read: ")]
    [InlineData("--allow-origin https://app.example/path", "--allow-origin is 'https://app.example/path'; an origin such as https://example.org")]
    [InlineData("--path-base sales", "--path-base is 'sales'; a path such as /sales")]
    [InlineData("--trusted-proxy proxy", "--trusted-proxy is 'proxy'; an address such as 10.0.0.7")]
    public async Task Who_may_come_in_is_checked_before_anything_is_served(string options, string sentence)
    {
        await using var program = RunningProgram.Start(_files.Root, ["run", .. _dry, "--listen", AnyPort, .. options.Split(' ')]);

        Assert.Equal(2, await program.EndAsync());
        await program.Lines.NextAsync(sentence);
        Assert.DoesNotContain("The page is at", $"{program.Lines}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_shows_its_market_on_the_page_until_it_is_interrupted()
    {
        await using var program = RunningProgram.Start(_files.Root, ["demo", "--listen", AnyPort, "--speed", "100"]);
        using var client = await ConnectAsync(program);

        Assert.Contains("<!DOCTYPE html>", await GetAsync(client, "/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("sentence", await GetAsync(client, "/api/v1/health"), StringComparison.OrdinalIgnoreCase);
        program.Interrupt();
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task A_demo_on_the_page_has_no_last_day()
    {
        var run = await CommandRun.OfAsync("demo", "--listen", AnyPort, "--days", "2");

        Assert.Equal(
            (2, "--days: given, but not expected with --listen, which goes on until it is interrupted.\n"), (run.ExitCode, run.Error));
        Assert.Contains("not with --listen", (await CommandRun.OfAsync("demo", "--help")).Output, StringComparison.Ordinal);
    }

    [GeneratedRegex("<script src=\"([^\"]+)\"")]
    private static partial Regex Script();

    private static async Task<HttpClient> ConnectAsync(RunningProgram program)
    {
        var line = await program.Lines.NextAsync("The page is at ");
        var address = line[(line.IndexOf("http", StringComparison.Ordinal))..].TrimEnd('.').Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        return new HttpClient { BaseAddress = new Uri(address) };
    }

    private static Task<string> GetAsync(HttpClient client, string path) =>
        client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
}
