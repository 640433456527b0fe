using System.Text.RegularExpressions;
using CodexSales.Rx.Web.Page.Files;
using CodexSales.Rx.Web.Tests.Operator;

namespace CodexSales.Rx.Web.Tests.Access;

/// <summary>HEAD is answered as GET is, without the body.</summary>
public sealed partial class HeadTests
{
    [Fact]
    public void Every_route_that_takes_GET_takes_HEAD()
    {
        using var host = new ApiHost(isRemembered: true);
        var paths = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods: { Count: > 0 } methods } || methods.Contains("GET"))
            .Select(route => $"/{route.RoutePattern.RawText!.Trim('/')}")
            .Where(path => !path.StartsWith("/_", StringComparison.Ordinal)) // Of Blazor itself: its socket, and what that begins with.
            .Select(path => path == "/page/{hash}/{name}" ? $"/{PageFiles.AddressOf("page.css")}" : Parameter().Replace(path, "disk%201"))
            .Distinct()
            .ToList();

        Assert.True(paths.Count > 30);
        Assert.All(paths, path =>
        {
            var isLive = path.EndsWith("/live", StringComparison.Ordinal);
            var head = Ask(host, HttpMethod.Head, path, isLive: false);
            Assert.Equal($"{path}: {Ask(host, HttpMethod.Get, path, isLive)}", $"{path}: {head}");
        });
    }

    [Fact]
    public async Task Its_answer_has_no_body()
    {
        await using var host = await WebHost.StartAsync();
        foreach (var (path, status) in new[] { ("/", 200), ("/api/v1/health", 200), ("/api/codex/v1/space", 200), ("/api/v1/sales/1", 404), ("/nothing", 404) })
        {
            var answer = await AccessTests.RawAsync(host, $"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
            Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
            Assert.Equal(answer.Length - 4, answer.IndexOf("\r\n\r\n", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task It_needs_the_token_changes_nothing_and_leaves_a_route_alone_that_takes_it()
    {
        await using var host = await WebHost.StartAsync(
            web => web.TokenFile = WebHost.TokenFile(),
            also: app =>
            {
                app.MapMethods("/own", ["HEAD"], () => Results.StatusCode(StatusCodes.Status418ImATeapot));
                app.MapGet("/own", () => "got");
            });
        Assert.Equal(401, (await host.AskAsync(HttpMethod.Head, "/api/v1/health")).Status);
        var token = ("Authorization", $"Bearer {WebHost.Token}");
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Head, "/api/v1/health", null, token)).Status);
        Assert.Equal(405, (await host.AskAsync(HttpMethod.Head, "/api/v1/workers/pause", null, token)).Status);
        Assert.Equal(418, (await host.AskAsync(HttpMethod.Head, "/own", null, token)).Status);
        Assert.Equal(200, (await host.AskAsync(HttpMethod.Get, "/own", null, token)).Status);
    }

    private static string Ask(ApiHost host, HttpMethod method, string path, bool isLive)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = host.Answer(request, isLive);
        return $"{response.StatusCode} {response.Content.Headers.ContentType?.MediaType}";
    }

    [GeneratedRegex("{[^}]*}")]
    private static partial Regex Parameter();
}
