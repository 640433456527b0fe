using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Access;

/// <summary>Where a browser gives the token: a plain form, which works without scripts.</summary>
internal static class SignInPage
{
    public const string Path = "/sign-in";
    public const string SignOutPath = "/sign-out";

    public static void MapSignIn(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (HttpContext context, IAntiforgery forms) => ShowAsync(context, forms, StatusCodes.Status200OK, null)).ExcludeFromDescription();
        app.MapPost(Path, SignInAsync).ExcludeFromDescription();
        app.MapPost(SignOutPath, SignOutAsync).ExcludeFromDescription();
    }

    /// <summary>The address of the page for who wanted to see another one.</summary>
    public static string AddressFor(HttpRequest request) =>
        $"{request.PathBase}{Path}{QueryString.Create("to", $"{request.Path}{request.QueryString}")}";

    private static async Task SignInAsync(HttpContext context, IAntiforgery forms, AccessToken token, Session session)
    {
        if (!await forms.IsRequestValidAsync(context).ConfigureAwait(false))
        {
            await ShowAsync(context, forms, StatusCodes.Status400BadRequest, "This form was out of date. Please try again.")
                .ConfigureAwait(false);
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        if (token.IsGivenBy(form["token"].ToString().Trim()))
        {
            session.Open(context);
            GoTo(context, form["to"]);
        }
        else
        {
            await ShowAsync(context, forms, StatusCodes.Status401Unauthorized, "The token is another one than that of this host.")
                .ConfigureAwait(false);
        }
    }

    private static async Task SignOutAsync(HttpContext context, IAntiforgery forms)
    {
        if (await forms.IsRequestValidAsync(context).ConfigureAwait(false))
        {
            Session.Close(context);
            GoTo(context, Path);
        }
        else
        {
            await context.WriteProblemAsync(StatusCodes.Status400BadRequest, "The form was out of date: it is expected as the page shows it.")
                .ConfigureAwait(false);
        }
    }

    // Never to another site, whatever the address that somebody was given says.
    private static void GoTo(HttpContext context, string? page) => context.Response.Redirect(
        $"{context.Request.PathBase}{(IsPageOfOurs(page) ? page : "/")}");

    private static bool IsPageOfOurs(string? page) =>
        page is { Length: > 0 }
        && page[0] == '/'
        && !page.StartsWith("//", StringComparison.Ordinal)
        && page.All(letter => letter is > ' ' and < '\x7f' and not '\\');

    private static async Task ShowAsync(HttpContext context, IAntiforgery forms, int status, string? fault)
    {
        var tokens = forms.GetAndStoreTokens(context);
        var to = HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType
            ? (await context.Request.ReadFormAsync(context.RequestAborted).ConfigureAwait(false))["to"].ToString()
            : context.Request.Query["to"].ToString();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Sign in - CodexSales</title>
                <style>
                    :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
                    body { display: grid; place-items: center; min-height: 90vh; margin: 0; }
                    form { display: grid; gap: 1rem; width: min(22rem, 90vw); }
                    input, button { font: inherit; padding: .6rem; }
                    [role=alert] { margin: 0; font-weight: bold; }
                </style>
            </head>
            <body>
                <form method="post" action="{{WebUtility.HtmlEncode($"{context.Request.PathBase}{Path}")}}">
                    <h1>CodexSales</h1>
                    {{(fault is null ? "" : $"<p role=\"alert\">{WebUtility.HtmlEncode(fault)}</p>")}}
                    <label for="token">Token of this host</label>
                    <input id="token" name="token" type="password" autocomplete="current-password" required autofocus>
                    <input name="to" type="hidden" value="{{WebUtility.HtmlEncode(to)}}">
                    <input name="{{tokens.FormFieldName}}" type="hidden" value="{{tokens.RequestToken}}">
                    <button>Sign in</button>
                </form>
            </body>
            </html>
            """,
            context.RequestAborted).ConfigureAwait(false);
    }
}
