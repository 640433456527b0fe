using System.Net;
using System.Text;
using CodexSales.Rx.Web.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CodexSales.Rx.Web.Access;

/// <summary>Lets in who may come in.</summary>
internal sealed class Gate(AccessToken token, Session session, IOptions<WebOptions> options)
{
    private const string Bearer = "Bearer ";
    private const string Basic = "Basic ";
    private static readonly string[] TokenNames = ["token", "access_token"];

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (WhyNot(request) is { } why)
        {
            await context.WriteProblemAsync(why.Status, why.Sentence).ConfigureAwait(false);
        }
        else if (!token.IsNeeded || IsWithToken(request) || session.IsOpen(request) || request.Path == SignInPage.Path)
        {
            await next(context).ConfigureAwait(false);
        }
        else if (HttpMethods.IsGet(request.Method) && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal))
        {
            context.Response.Redirect(SignInPage.AddressFor(request));
        }
        else
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await context.WriteProblemAsync(
                StatusCodes.Status401Unauthorized,
                request.Headers.Authorization.Count == 0
                    ? "No token is given: the header 'Authorization: Bearer' with the token of this host is expected."
                    : "The token is another one than that of this host.").ConfigureAwait(false);
        }
    }

    private (int Status, string Sentence)? WhyNot(HttpRequest request) =>
        TokenNames.Any(request.Query.ContainsKey)
            ? (StatusCodes.Status400BadRequest,
                "A token in an address ends up in logs and histories: it is expected in the header 'Authorization: Bearer', "
                + "and this one should be replaced.")
        : !token.IsNeeded && request.HttpContext.Connection.LocalIpAddress is { } here && !IPAddress.IsLoopback(here)
            ? (StatusCodes.Status403Forbidden, "This host has no token, and so answers to its own machine alone.")
        : !token.IsNeeded && !IsThisMachine(request.Host.Host)
            ? (StatusCodes.Status403Forbidden,
                "This host has no token, and so answers to the names of its own machine alone: localhost, 127.0.0.1 or [::1] is expected.")
        : CanChange(request) && IsFromAnotherSite(request)
            ? (StatusCodes.Status403Forbidden,
                "The request comes from a page of another site, whose origin is not among those that are allowed here.")
        : null;

    // A name that another site controls may lead to this machine: what it is called by then, only the header says.
    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    // A socket is opened by a GET, and carries all that a page does.
    private static bool CanChange(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || request.Headers.ContainsKey(HeaderNames.Upgrade);

    // Browsers say it, and no page can keep them from it or say it for them; other programs need not.
    private bool IsFromAnotherSite(HttpRequest request)
    {
        var (site, origin) = (request.Headers["Sec-Fetch-Site"].ToString(), request.Headers.Origin.ToString());
        return site is not ("same-origin" or "none")
            && (site.Length > 0 || origin.Length > 0)
            && !IsOwn(origin, request.Host)
            && !(request.Path.StartsWithSegments(ApiPaths.Codex) && options.Value.AllowedOrigins.Contains(origin));
    }

    // Without the scheme: a proxy may have taken TLS off.
    private static bool IsOwn(string origin, HostString host) =>
        origin.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme
        && origin[(scheme + 3)..].Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    // Codex clients know no scheme but Basic: any name, and the token as the password.
    private bool IsWithToken(HttpRequest request)
    {
        var given = request.Headers.Authorization.ToString();
        return given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? token.IsGivenBy(given[Bearer.Length..].Trim())
            : given.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) && token.IsGivenBy(PasswordOf(given[Basic.Length..].Trim()));
    }

    private static string PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        var text = Convert.TryFromBase64String(credentials, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
