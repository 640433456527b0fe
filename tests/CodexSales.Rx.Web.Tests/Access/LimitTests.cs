using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Tests.Access;

public sealed class LimitTests
{
    // For what would otherwise never end.
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_body_of_10_megabytes_is_not_read()
    {
        await using var host = await WebHost.StartAsync();
        var answer = await AccessTests.RawAsync(
            host,
            "POST /api/codex/v1/sales/availability HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485760\r\nConnection: close\r\n\r\n{");
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nThe body is larger than is accepted here.\r\n", answer, StringComparison.Ordinal);

        // Without a length, as much is read as is accepted.
        var chunk = $"{0x10000:x}\r\n{new string('[', 0x10000)}\r\n";
        Assert.StartsWith("HTTP/1.1 413 ", await AccessTests.RawAsync(
            host,
            $"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{chunk}{chunk}0\r\n\r\n"),
            StringComparison.Ordinal);
        Assert.Equal(200, (await host.GetAsync("/api/v1/health")).Status);
    }

    [Fact]
    public async Task Headers_and_addresses_without_end_are_not_read()
    {
        await using var host = await WebHost.StartAsync();
        Assert.StartsWith("HTTP/1.1 431 ", await AccessTests.RawAsync(
            host, $"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 40_000)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 414 ", await AccessTests.RawAsync(
            host, $"GET /{new string('x', 10_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_slow_or_silent_keeps_nobody_else_waiting()
    {
        await using var host = await WebHost.StartAsync();
        List<TcpClient> slow = [];
        try
        {
            for (var i = 0; i < 300; i++)
            {
                slow.Add(await ConnectAsync(host, i % 3 == 0 ? "" : i % 3 == 1 ? "GET /api/v1/he" : "POST /api/codex/v1/sales/availability HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"));
            }

            Assert.Equal(200, (await host.GetAsync("/api/v1/health")).Status);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }

        var limits = host.App.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.Equal(TimeSpan.FromSeconds(10), limits.RequestHeadersTimeout);
        Assert.NotNull(limits.MinRequestBodyDataRate);
    }

    [Fact]
    public async Task A_thousand_connections_take_no_more_than_their_share()
    {
        await using var host = await WebHost.StartAsync(web => web.MaxConnections = 200);
        Assert.Equal(200, (await host.GetAsync("/api/v1/health")).Status); // A connection of its own, which stays.
        List<TcpClient> many = [];
        try
        {
            for (var i = 0; i < 1_000; i++)
            {
                many.Add(await ConnectAsync(host, ""));
            }

            Assert.Equal(200, (await host.GetAsync("/api/v1/health")).Status);
            Assert.True(host.Sales.Health.Pipeline is not null);
        }
        finally
        {
            many.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task One_request_too_many_is_told_to_come_again_and_viewers_count_apart()
    {
        var (entered, leave) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var host = await WebHost.StartAsync(
            web => (web.MaxRequests, web.MaxViewers) = (2, 1),
            also: app => app.MapGet("/api/v1/slow", async () =>
            {
                entered.Release();
                await leave.Task;
                return "done";
            }));
        var cancellation = TestContext.Current.CancellationToken;
        var slow = new[] { host.GetAsync("/api/v1/slow"), host.GetAsync("/api/v1/slow") };
        await entered.WaitAsync(cancellation);
        await entered.WaitAsync(cancellation);
        var (status, body, response) = await host.GetAsync("/api/v1/health");
        Assert.Equal(503, status);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Contains("Too much is asked at once: 2 at a time are answered.", body, StringComparison.Ordinal);

        var viewer = host.GetAsync("/api/v1/slow", ("Accept", "text/event-stream"));
        await entered.WaitAsync(cancellation);
        Assert.Equal(503, (await host.GetAsync("/api/v1/slow", ("Accept", "text/event-stream"))).Status);
        leave.SetResult();
        Assert.All(await Task.WhenAll([.. slow, viewer]), answer => Assert.Equal(200, answer.Status));
        Assert.Equal(200, (await host.GetAsync("/api/v1/health")).Status);
        entered.Dispose();
    }

    [Fact]
    public async Task Pages_and_lists_of_any_case_have_one_limit_and_a_page_too_many_says_so()
    {
        await using var host = await WebHost.StartAsync(web => web.MaxViewers = 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/api/v1/QUEUE/LIVE/"));
        using var live = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);

        Assert.Equal(503, (await host.GetAsync("/api/v1/alerts/live")).Status);
        Assert.Equal(503, (await host.GetAsync("/_blazor", ("Connection", "Upgrade"), ("Upgrade", "websocket"))).Status);
        var (status, page, _) = await host.GetAsync("/");
        Assert.Equal(200, status);
        Assert.Contains("As many look at this host as may: 1", page, StringComparison.Ordinal);
        Assert.DoesNotContain("blazor.js", page, StringComparison.Ordinal);
        Assert.Equal(200, (await host.GetAsync("/api/v1/health")).Status);
    }

    [Fact]
    public async Task A_page_that_finds_room_opens_its_socket()
    {
        await using var host = await WebHost.StartAsync(web => web.MaxViewers = 1);
        var (_, page, _) = await host.GetAsync("/");
        Assert.Contains("blazor.js", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_sent_half_of_a_body_does_not_keep_the_app_from_its_end()
    {
        await using var host = WebHost.Make(services: services => services
            .Configure<KestrelServerOptions>(server => server.Limits.MinRequestBodyDataRate = null) // Nothing else is to end it.
            .Configure<HostOptions>(options => options.ShutdownTimeout = Timeout.InfiniteTimeSpan));
        host.App.MapCodexSales();
        var cancellation = TestContext.Current.CancellationToken;
        await host.App.StartAsync(cancellation);
        using var client = await ConnectAsync(
            host, "POST /api/v1/availabilities HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n");
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(cancellation)); // From here on the body is waited for.
        await client.GetStream().WriteAsync("{"u8.ToArray(), cancellation);

        await host.App.StopAsync(cancellation).WaitAsync(TooLong, cancellation);

        Assert.False(client.Connected && await IsAnsweredAsync(reader, cancellation));
    }

    // Cut off, which some systems tell as an end and some as a fault.
    private static async Task<bool> IsAnsweredAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return (await reader.ReadToEndAsync(cancellation)).Contains("HTTP/1.1", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<TcpClient> ConnectAsync(WebHost host, string sent)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), TestContext.Current.CancellationToken);
        return client;
    }
}
