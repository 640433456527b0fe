using System.Net;
using System.Net.Sockets;
using System.Text;
using CodexSales.Node.Tests.Replay;

namespace CodexSales.Node.Tests.Remote;

/// <summary>Where no node is, or it does not want to: one sentence each.</summary>
public sealed class NoNodeTests : IDisposable
{
    private readonly TemporaryFiles _files = new();
    private int _written;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_node_that_is_not_there_is_told_by_its_address_and_an_exit_code_of_its_own()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var url = $"http://{nobody.LocalEndpoint}";
        nobody.Stop();

        var run = await RunningNode.RunAsync(url, null, "status");

        Assert.Equal(3, run.ExitCode);
        Assert.Matches($"^--node: {url}/ can't be asked: .+\\. Does a node run and listen there\\?\n$", run.Error);
        Assert.Equal(3, (await RunningNode.RunAsync("http://127.0.0.1:1", null, "pause", "--node", url)).ExitCode);
        Assert.Equal(3, (await RunningNode.RunAsync(url, null, "availability", "list")).ExitCode);
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("ftp://example.org")]
    [InlineData("/api")]
    public async Task An_address_that_is_none_is_told(string address)
    {
        var run = await RunningNode.RunAsync("http://127.0.0.1:1", null, "queue", "--node", address);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"--node: '{address}' is given, but a URL such as http://127.0.0.1:8080", run.Error, StringComparison.Ordinal);
        run = await RunningNode.RunAsync(address, null, "queue");
        Assert.StartsWith($"CODEXSALES_NODE: '{address}' is given, but a URL such as http://127.0.0.1:8080", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://user:secret@example.org")]
    [InlineData("http://secret@example.org")]
    [InlineData("http://example.org/?token=secret")]
    [InlineData("http://example.org/#secret")]
    [InlineData("user:secret@example.org:8080")]
    public async Task A_secret_in_an_address_is_refused_and_not_repeated(string address)
    {
        foreach (var (name, run) in new[]
        {
            ("--node", await RunningNode.RunAsync("http://127.0.0.1:1", null, "queue", "--node", address)),
            ("CODEXSALES_NODE", await RunningNode.RunAsync(address, null, "queue")),
        })
        {
            Assert.Equal(
                (2, $"{name}: a URL such as http://127.0.0.1:8080 is expected, without a name, a password or a token in it: a token is in the file of "
                    + "--token-file.\n"),
                (run.ExitCode, run.Error));
        }
    }

    [Theory]
    [InlineData("401 Unauthorized", "", null, 2, "--token-file: not given, but {0} wants a token: --token-file FILE is expected.")]
    [InlineData("401 Unauthorized", "", "token", 2, "--token-file: the token of '{1}' is not the one that {0} wants.")]
    [InlineData("404 Not Found", "text/html", null, 3, "--node: {0} answers, but not as a node does: is it the address of another program?")]
    [InlineData("302 Found", "text/html", null, 3, "--node: {0} answers, but not as a node does: is it the address of another program?")]
    [InlineData("200 OK", "text/html", null, 3, "--node: {0} answers, but not as a node does: is it the address of another program?")]
    [InlineData("200 OK", "application/json", null, 3, "--node: {0} answers, but not as a node does: is it the address of another program?")]
    [InlineData("503 Service Unavailable", "application/problem+json", null, 1, "So it is.")]
    [InlineData("503 Service Unavailable", "application/problem+json; charset=utf-8", null, 1, "The node refuses that with status 503.")]
    public async Task What_it_answers_instead_is_told(string status, string kind, string? token, int exitCode, string sentence)
    {
        var file = token is null ? null : Write(token);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}";

        var running = RunningNode.RunAsync(url, file, "queue");
        var asked = await ServeOnceAsync(listener, status, kind);
        var run = await running;

        Assert.Equal((exitCode, string.Format(null, sentence, $"{url}/", file) + "\n"), (run.ExitCode, run.Error));
        Assert.Equal(token is not null, asked.Contains("Authorization: Bearer token\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_is_not_taken_for_a_table()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}";

        var running = RunningNode.RunAsync(url, null, "history", "--csv");
        await ServeOnceAsync(listener, "200 OK", "text/html");
        var run = await running;

        Assert.Equal((3, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"--node: {url}/ answers, but not as a node does", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("selling", "null", "", 0)]
    [InlineData("waiting", "\"queueIsEmpty\"", "", 0)]
    [InlineData("waiting", "\"onlyDeferredSlots\"", "", 0)]
    [InlineData("waiting", "\"proofsTakeTooLong\"", "", 1)]
    [InlineData("waiting", "\"proofsAreMissed\"", "", 1)]
    [InlineData("waiting", "\"aReasonOfTheNextVersion\"", "", 1)]
    [InlineData("waiting", "\"proofsAreMissed\"", """{"kind":"proofMissed"}""", 4)]
    [InlineData("stopped", "null", """{"kind":"proofMissed"}""", 1)]
    public async Task Status_ends_by_what_the_node_says(string status, string idle, string alert, int exitCode)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var running = RunningNode.RunAsync($"http://{listener.LocalEndpoint}", null, "status", "--json");
        for (var question = 0; question < 4; question++)
        {
            await ServeOnceAsync(listener, "200 OK", "application/json", answer: path => path.Split('/')[^1] switch
            {
                "health" => $$$"""{"status":"{{{status}}}","workers":{"idle":{{{idle}}}}}""",
                "alerts" => $$"""{"active":[{{alert}}]}""",
                "availabilities" => "[]",
                _ => "{}",
            });
        }

        Assert.Equal(exitCode, (await running).ExitCode);
    }

    [Fact]
    public async Task A_table_that_is_cut_off_is_told()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://{listener.LocalEndpoint}";

        var running = RunningNode.RunAsync(url, null, "history", "--csv");
        await ServeOnceAsync(listener, "200 OK", "text/csv", missing: 1);
        var run = await running;

        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith($"--node: {url}/ has not told all: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_token_that_others_may_read_or_that_holds_none_is_refused()
    {
        var open = Write("token");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.OtherRead);
            Assert.Contains("chmod 600", (await RunningNode.RunAsync("http://127.0.0.1:1", open, "queue")).Error, StringComparison.Ordinal);
        }

        var empty = Write(" \n");
        var run = await RunningNode.RunAsync("http://127.0.0.1:1", null, "queue", "--token-file", empty);
        Assert.Equal((2, $"--token-file: '{empty}' holds no token: one line of visible letters is expected.\n"), (run.ExitCode, run.Error));
        Assert.Contains("can't be read", (await RunningNode.RunAsync("http://127.0.0.1:1", "/nothing", "queue")).Error, StringComparison.Ordinal);
    }

    private static async Task<string> ServeOnceAsync(
        TcpListener listener, string status, string kind, int missing = 0, Func<string, string>? answer = null)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        var asked = new StringBuilder();
        var buffer = new byte[4096];
        while (!asked.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            asked.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)));
        }

        var body = answer?.Invoke(asked.ToString().Split(' ')[1])
            ?? kind switch { "application/problem+json" => """{"detail":"So it is."}""", "application/json" => "{}", _ => "<p>" };
        var head = $"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {body.Length + missing}\r\n{(kind.Length > 0 ? $"Content-Type: {kind}\r\n" : "")}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body), TestContext.Current.CancellationToken);
        return asked.ToString();
    }

    private string Write(string text)
    {
        var path = _files.PathOf($"token {++_written}");
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return path;
    }
}
