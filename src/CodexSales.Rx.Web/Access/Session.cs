using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CodexSales.Rx.Web.Access;

/// <summary>
/// A browser that has signed in: a cookie that says until when, signed with a key that is made from the token. It outlives a restart, and
/// ends with the token.
/// </summary>
internal sealed class Session(AccessToken token, TimeProvider clock)
{
    public const string CookieName = "codexsales";
    private static readonly TimeSpan Length = TimeSpan.FromDays(7);

    /// <summary>Whether the browser that asks has signed in.</summary>
    public bool IsOpen(HttpRequest request) =>
        request.Cookies[CookieName]?.Split('.') is [var until, var signature]
        && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds > clock.GetUtcNow().ToUnixTimeSeconds()
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(SignatureOf(until)), Encoding.UTF8.GetBytes(signature));

    /// <summary>Signs the browser in.</summary>
    public void Open(HttpContext context)
    {
        var until = (clock.GetUtcNow() + Length).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(CookieName, $"{until}.{SignatureOf(until)}", CookieFor(context.Request, Length));
    }

    /// <summary>Signs the browser out.</summary>
    public static void Close(HttpContext context) => context.Response.Cookies.Delete(CookieName, CookieFor(context.Request, null));

    private string SignatureOf(string until) => Base64Url.EncodeToString(token.Sign(Encoding.ASCII.GetBytes(until)));

    private static CookieOptions CookieFor(HttpRequest request, TimeSpan? length) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = request.PathBase.HasValue ? request.PathBase.Value : "/",
        MaxAge = length,
        IsEssential = true,
    };
}
