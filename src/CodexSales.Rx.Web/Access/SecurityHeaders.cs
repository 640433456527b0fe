using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CodexSales.Rx.Web.Access;

/// <summary>Has the browser refuse what no page of ours does.</summary>
internal static class SecurityHeaders
{
    // Styles stand in elements: components set them as they are drawn.
    private const string Strict =
        "script-src 'self'; default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string WithInlineScripts =
        Strict.Replace("script-src 'self'", "script-src 'self' 'unsafe-inline'", StringComparison.Ordinal);

    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = context.GetEndpoint()?.Metadata.GetMetadata<InlineScripts>() is null ? Strict : WithInlineScripts;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin"; // "no-referrer" would take the origin off forms.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers.TryAdd(HeaderNames.CacheControl, "no-store"); // Static files have one.
            return Task.CompletedTask;
        });
        return next(context);
    }
}

/// <summary>Marks an endpoint whose page has scripts in itself, of a package that knows no other way.</summary>
internal sealed class InlineScripts;
