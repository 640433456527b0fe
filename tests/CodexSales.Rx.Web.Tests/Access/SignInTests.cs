using System.Net;
using System.Text.RegularExpressions;

namespace CodexSales.Rx.Web.Tests.Access;

public sealed partial class SignInTests
{
    [Fact]
    public async Task A_browser_signs_in_by_a_form_and_is_known_by_a_cookie_that_no_script_and_no_other_site_can_use()
    {
        await using var host = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile());
        var form = await FormAsync(host);
        Assert.Equal(401, (await SendAsync(host, form, "another-token-than-this", "/queue")).Status);
        var (status, _, response) = await SendAsync(host, form, WebHost.Token, "/queue?order=price");
        Assert.Equal((302, "/queue?order=price"), (status, response.Headers.Location!.OriginalString));
        var cookie = response.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("codexsales=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(WebHost.Token, cookie, StringComparison.Ordinal);
        var session = cookie.Split(';')[0];
        Assert.Equal(200, (await host.GetAsync("/api/v1/health", ("Cookie", session))).Status);
        Assert.Equal(401, (await host.GetAsync("/api/v1/health", ("Cookie", $"{session}x"))).Status);
        Assert.Equal(401, (await host.GetAsync("/api/v1/health", ("Cookie", session.Replace("codexsales=1", "codexsales=2", StringComparison.Ordinal)))).Status);

        // It outlives a restart, and ends with the token.
        await using var again = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile());
        Assert.Equal(200, (await again.GetAsync("/api/v1/health", ("Cookie", session))).Status);
        await using var other = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile("another-token-than-this"));
        Assert.Equal(401, (await other.GetAsync("/api/v1/health", ("Cookie", session))).Status);
    }

    [Theory]
    [InlineData(true, "127.0.0.1", "https", null)]
    [InlineData(true, "::1", "https", null)]
    [InlineData(false, "127.0.0.1", "http", null)]
    [InlineData(false, "127.0.0.1", null, null)]
    [InlineData(false, "10.1.2.3", "https", null)]
    [InlineData(true, "10.1.2.3", "https", "10.1.0.0/16")]
    [InlineData(true, "::ffff:10.1.2.3", "https", "10.1.2.3")]
    [InlineData(false, "10.1.2.4", "https", "10.1.2.3")]
    public async Task Its_cookies_are_for_TLS_alone_where_a_proxy_that_is_trusted_says_so(bool isSecure, string from, string? scheme, string? trusted)
    {
        await using var host = WebHost.Make(web =>
        {
            web.TokenFile = WebHost.TokenFile();
            if (trusted is not null)
            {
                web.TrustedProxies.Add(trusted);
            }
        });
        host.App.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(from);
            context.Request.Headers["X-Forwarded-Proto"] = scheme;
            return next(context);
        });
        host.App.MapCodexSales();
        await host.App.StartAsync(TestContext.Current.CancellationToken);

        var (form, formCookie) = await FormWithCookieAsync(host);
        var session = (await SendAsync(host, form, WebHost.Token, "/")).Response.Headers.GetValues("Set-Cookie")
            .Single(set => set.StartsWith("codexsales=", StringComparison.Ordinal));

        Assert.All([formCookie, session], cookie => Assert.Equal(isSecure, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task A_form_without_its_own_token_changes_nothing()
    {
        await using var host = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile());
        var form = await FormAsync(host);
        var withoutField = await SendAsync(host, form with { Value = "" }, WebHost.Token, "/");
        var withoutCookie = await SendAsync(host, form with { Cookie = "" }, WebHost.Token, "/");
        foreach (var refused in new[] { withoutField, withoutCookie })
        {
            Assert.Equal(400, refused.Status);
            Assert.False(refused.Response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(set => set.StartsWith("codexsales=", StringComparison.Ordinal)));
        }

        Assert.Equal(400, (await host.AskAsync(HttpMethod.Post, "/sign-out", "", ("Authorization", $"Bearer {WebHost.Token}"))).Status);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("evil")]
    [InlineData("")]
    public async Task Nobody_is_led_to_another_site(string to)
    {
        await using var host = await WebHost.StartAsync(web => web.TokenFile = WebHost.TokenFile());
        var (status, _, response) = await SendAsync(host, await FormAsync(host), WebHost.Token, to);
        Assert.Equal((302, "/"), (status, response.Headers.Location!.OriginalString));
    }

    private static async Task<(string Cookie, string Name, string Value)> FormAsync(WebHost host) => (await FormWithCookieAsync(host)).Form;

    private static async Task<((string Cookie, string Name, string Value) Form, string Cookie)> FormWithCookieAsync(WebHost host)
    {
        var (_, body, response) = await host.GetAsync("/sign-in");
        var field = Field().Match(body);
        var cookie = response.Headers.GetValues("Set-Cookie").Single();
        return ((cookie.Split(';')[0], field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)), cookie);
    }

    private static async Task<(int Status, string Body, HttpResponseMessage Response)> SendAsync(
        WebHost host, (string Cookie, string Name, string Value) form, string token, string to)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Address, "/sign-in"));
        request.Content = new FormUrlEncodedContent([new("token", token), new("to", to), new(form.Name, form.Value)]);
        request.Headers.TryAddWithoutValidation("Cookie", form.Cookie);
        request.Headers.Add("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
    }

    [GeneratedRegex("<input name=\"(__[A-Za-z]+)\" type=\"hidden\" value=\"([^\"]+)\">")]
    private static partial Regex Field();
}
