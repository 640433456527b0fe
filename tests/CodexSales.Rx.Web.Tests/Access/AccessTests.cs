using System.Net;
using System.Net.WebSockets;
using System.Text;
using CodexSales.Rx.Web.Access;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Tests.Access;

public sealed class AccessTests
{
    private const string Health = "/api/v1/health";
    private const string Availability = "/api/codex/v1/sales/availability";

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    public async Task Without_a_token_it_listens_to_its_own_machine_alone(string address)
    {
        await using var host = WebHost.Make(url: address);
        host.App.MapCodexSales();
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.App.StartAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("Web:TokenFile is not given, but a token is expected where others can reach the app", refused.Message, StringComparison.Ordinal);
        await using var guarded = WebHost.Make(web => web.TokenFile = WebHost.TokenFile(), url: address);
        guarded.App.MapCodexSales();
        await guarded.App.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(guarded.App.Urls);
    }

    [Fact]
    public async Task All_that_is_wrong_with_the_options_is_told_at_once()
    {
        var open = WebHost.TokenFile();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(open, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        }

        var refused = Assert.Throws<OptionsValidationException>(() => WebHost.Make(
            web =>
            {
                web.TokenFile = open;
                web.AllowedOrigins.Add("*");
                web.PathBase = "sales/";
                web.TrustedProxies.Add("10.0.0.0/24");
                web.TrustedProxies.Add("proxy");
            },
            [("Web:MaxViewers", "0"), ("Web:MaxBodyBytes", "many"), ("Web:MaxViewer", "1"), ("Web:AllowedOrigins:0", "https://a.example/page")]));
        Assert.Equal(
            [
                "CodexSales:Web:MaxBodyBytes: 'many' is given, but a whole number is expected: 1024 to 16777216.",
                "CodexSales:Web:MaxViewer: there is no such option; MaxViewers is the nearest one.",
                $"Web:TokenFile: {open} may be read by others than its owner: change that with \"chmod 600\" first.",
                "Web:AllowedOrigins:0 is 'https://a.example/page'; an origin such as https://example.org, without a path and without *, is expected.",
                "Web:AllowedOrigins:1 is '*'; an origin such as https://example.org, without a path and without *, is expected.",
                "Web:PathBase is 'sales/'; a path such as /sales, of letters, digits, '-', '.', '_', '~' and '/', without a '/' at its end, is expected.",
                "Web:TrustedProxies:1 is 'proxy'; an address such as 10.0.0.7, or a network such as 10.0.0.0/24, is expected.",
                "Web:MaxViewers is 0; 1 to 10000 is expected.",
            ],
            refused.Failures);
        Assert.Contains(
            "at least 16 visible ASCII characters",
            Assert.Throws<OptionsValidationException>(() => WebHost.Make(web => web.TokenFile = WebHost.TokenFile("abc def ghi jkl mno"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "Authorization", $"Bearer {WebHost.Token}")]
    [InlineData(200, "Authorization", "Basic YW55OmNvcnJlY3QtaG9yc2UtYmF0dGVyeS1zdGFwbGU=")]
    [InlineData(401, "Authorization", "Bearer correct-horse-battery-stapl")]
    [InlineData(401, "Authorization", "Bearer ")]
    [InlineData(401, "Authorization", "Basic not base 64")]
    [InlineData(401, "Authorization", $"Digest {WebHost.Token}")]
    [InlineData(401, "Cookie", $"codexsales={WebHost.Token}")]
    [InlineData(401, "Cookie", "codexsales=99999999999.AAAA")]
    [InlineData(401, "X-Token", WebHost.Token)]
    public async Task Who_asks_needs_the_token(int status, string header, string value)
    {
        await using var host = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile());
        Assert.Equal(status, (await host.GetAsync(Health, (header, value))).Status);
        var codex = await host.GetAsync(Availability, (header, value));
        Assert.Equal(status, codex.Status);
        Assert.Equal(status == 401, codex.Response.Headers.WwwAuthenticate.Any(challenge => challenge.Scheme == "Bearer"));
        Assert.DoesNotContain(WebHost.Token, codex.Body, StringComparison.Ordinal);
        Assert.Equal(status == 401 ? 302 : 200, (await host.GetAsync("/", (header, value), ("Accept", "text/html"))).Status);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("access_token")]
    [InlineData("ACCESS_TOKEN")]
    public async Task A_token_in_an_address_is_refused_also_the_right_one(string name)
    {
        await using var host = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile());
        var (status, body, _) = await host.GetAsync($"{Health}?{name}={WebHost.Token}", ("Authorization", $"Bearer {WebHost.Token}"));
        Assert.Equal(400, status);
        Assert.Contains("A token in an address ends up in logs", body, StringComparison.Ordinal);
        Assert.DoesNotContain(WebHost.Token, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_of_this_machine_is_no_way_in_without_a_token()
    {
        await using var host = await WebHost.StartAsync();
        Assert.Equal(403, (await host.GetAsync(Availability, ("Host", "evil.example"))).Status);
        Assert.Equal(403, (await host.AskAsync(HttpMethod.Patch, $"{Availability}/0x", "{}", ("Host", "127.0.0.1.evil.example"))).Status);
        Assert.Equal(200, (await host.GetAsync(Availability, ("Host", "localhost:8080"))).Status);
        Assert.Equal(200, (await host.GetAsync(Availability, ("Host", "[::1]"))).Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_of_another_site_changes_nothing(string header, string value)
    {
        await using var host = await WebHost.StartAsync(web => web.AllowedOrigins.Add("https://market.example"));
        var before = (await host.GetAsync(Availability)).Body;
        const string Offer = """{"totalSize":1,"duration":1,"minPricePerBytePerSecond":"1","totalCollateral":"1"}""";
        Assert.Equal(403, (await host.AskAsync(HttpMethod.Post, Availability, Offer, (header, value))).Status);
        Assert.Equal(before, (await host.GetAsync(Availability)).Body);
        var seen = await host.GetAsync(Availability, (header, value));
        Assert.False(seen.Response.Headers.Contains("Access-Control-Allow-Origin"));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(header, value);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(
            new UriBuilder(host.Address) { Scheme = "ws", Path = "/_blazor" }.Uri, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusOfSocketAsync(host, header, value));
    }

    [Fact]
    public async Task A_page_of_an_allowed_site_uses_the_api_of_Codex_and_nothing_else()
    {
        await using var host = await WebHost.StartAsync(web =>
        {
            web.AllowedOrigins.Add("https://market.example");
            web.TokenFile = WebHost.TokenFile();
        });
        (string, string)[] from = [("Origin", "https://market.example"), ("Sec-Fetch-Site", "cross-site")];
        var asked = await host.AskAsync(
            HttpMethod.Options, $"{Availability}/0x7", null,
            [.. from, ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,content-type")]);
        Assert.Equal(204, asked.Status);
        Assert.Equal("https://market.example", asked.Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("PATCH", asked.Response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        var refused = await host.AskAsync(HttpMethod.Post, Availability, "{}", from);
        Assert.Equal(401, refused.Status);
        Assert.True(refused.Response.Headers.Contains("Access-Control-Allow-Origin")); // Its page can say why.
        Assert.Equal(400, (await host.AskAsync(HttpMethod.Post, Availability, "{}", [.. from, ("Authorization", $"Bearer {WebHost.Token}")])).Status);
        Assert.Equal(403, (await host.AskAsync(HttpMethod.Post, Health, "{}", [.. from, ("Authorization", $"Bearer {WebHost.Token}")])).Status);
        var other = await host.AskAsync(
            HttpMethod.Options, $"{Availability}/0x7", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "PATCH"));
        Assert.False(other.Response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Every_answer_has_the_browser_refuse_what_no_page_of_ours_does()
    {
        await using var host = await WebHost.StartAsync();
        foreach (var path in (string[])["/", Health, Availability, "/api/v1/nothing", "/sign-in"])
        {
            var headers = (await host.GetAsync(path)).Response.Headers;
            Assert.Contains("script-src 'self';", headers.GetValues("Content-Security-Policy").First(), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", headers.GetValues("Content-Security-Policy").First(), StringComparison.Ordinal);
            Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", headers.GetValues("Referrer-Policy").Single());
            Assert.False(headers.Contains("Server"));
        }
    }

    [Fact]
    public async Task What_fails_is_told_as_problem_details_and_never_where()
    {
        await using var host = await WebHost.StartAsync(also: app =>
        {
            app.MapGet("/api/v1/broken", string () => throw new InvalidOperationException("secret"));
            app.MapGet("/api/codex/v1/broken", string () => throw new InvalidOperationException("secret"));
            app.MapGet("/api/v1/over", string () => throw new ObjectDisposedException("secret"));
        });
        var broken = await host.GetAsync("/api/v1/broken");
        Assert.Equal((500, "application/problem+json"), (broken.Status, broken.Response.Content.Headers.ContentType!.MediaType));
        Assert.Contains("\"detail\":\"Something went wrong", broken.Body, StringComparison.Ordinal);
        var codex = await host.GetAsync("/api/codex/v1/broken");
        Assert.Equal((500, "text/plain"), (codex.Status, codex.Response.Content.Headers.ContentType!.MediaType));
        var over = await host.GetAsync("/api/v1/over");
        Assert.Equal(503, over.Status);
        Assert.All([broken.Body, codex.Body, over.Body], body => Assert.DoesNotContain("secret", body, StringComparison.Ordinal));
        var nothing = await host.GetAsync("/api/v1/nothing");
        Assert.Equal((404, "application/problem+json"), (nothing.Status, nothing.Response.Content.Headers.ContentType!.MediaType));
    }

    [Theory]
    [InlineData("/sales/api/v1/health")]
    [InlineData("/api/v1/health")]
    public async Task Behind_a_proxy_it_is_found_below_its_path_taken_off_or_not(string path)
    {
        await using var host = await WebHost.StartAsync(web =>
        {
            web.PathBase = "/sales";
            web.TokenFile = WebHost.TokenFile();
        });
        Assert.Equal(200, (await host.GetAsync(path, ("Authorization", $"Bearer {WebHost.Token}"))).Status);
        var toSignIn = await host.GetAsync("/queue?order=price", ("Accept", "text/html"));
        Assert.Equal("/sales/sign-in?to=%2Fqueue%3Forder%3Dprice", toSignIn.Response.Headers.Location!.OriginalString);
        Assert.Equal(200, (await host.GetAsync("/sales/sign-in")).Status);
    }

    [Theory]
    [InlineData("/../../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/_content/..%2f..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/_framework/..%5c..%5cappsettings.json")]
    [InlineData("//etc/passwd")]
    [InlineData("/api/codex/v1/sales/slots/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/api/codex/v1/data/../../../../etc/passwd")]
    public async Task No_path_leads_to_a_file_of_the_machine(string path)
    {
        await using var host = await WebHost.StartAsync();
        var answer = await RawAsync(host, $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 [45]0[0-9] ", answer);
        Assert.DoesNotContain("root:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_comes_back_as_text_and_never_as_a_page()
    {
        await using var host = await WebHost.StartAsync();
        const string Html = "<img src=x onerror=alert(1)>";
        foreach (var (status, body, response) in new[]
        {
            await host.GetAsync($"/api/codex/v1/sales/slots/{Uri.EscapeDataString(Html)}"),
            await host.AskAsync(HttpMethod.Post, Availability, $$"""{"totalSize":"{{Html}}"}"""),
            await host.AskAsync(HttpMethod.Post, $"/api/codex/v1/debug/chronicles/loglevel?level={Uri.EscapeDataString(Html)}"),
        })
        {
            Assert.Equal((400, "text/plain"), (status, response.Content.Headers.ContentType!.MediaType));
            Assert.Contains(Html, body, StringComparison.Ordinal);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        }

        var page = await host.GetAsync($"/sign-in?to={Uri.EscapeDataString("/\"><script>alert(1)</script>")}");
        Assert.DoesNotContain("<script>", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_of_keys_that_end_with_the_process()
    {
        var keys = new MemoryKeys();
        keys.StoreElement(new System.Xml.Linq.XElement("key", "1"), "first");
        Assert.Equal("1", Assert.Single(keys.GetAllElements()).Value);
    }

    [Fact]
    public void A_host_is_added_before_it_is_served() => Assert.StartsWith(
        "AddCodexSales is expected before",
        Assert.Throws<InvalidOperationException>(() => WebApplication.CreateBuilder().Services.AddCodexSalesWeb()).Message,
        StringComparison.Ordinal);

    internal static async Task<string> RawAsync(WebHost host, string request)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> StatusOfSocketAsync(WebHost host, string header, string value)
    {
        var answer = await RawAsync(
            host,
            $"GET /_blazor HTTP/1.1\r\nHost: 127.0.0.1:{host.Address.Port}\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n"
                + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{header}: {value}\r\n\r\n");
        return (HttpStatusCode)int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
