using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Access;

/// <summary>
/// Answers HEAD as GET: what takes only that one is chosen, and the server leaves the body out. Routes that take HEAD themselves keep it.
/// </summary>
internal sealed class HeadRequests
{
    private static readonly HeadRequests _mark = new();

    /// <summary>To be called after the routing of the app.</summary>
    public static void Use(WebApplication app)
    {
        app.Use(next => context =>
        {
            if (HttpMethods.IsHead(context.Request.Method) && context.GetEndpoint() is not (null or RouteEndpoint))
            {
                context.Features.Set(_mark);
                context.SetEndpoint(null);
                context.Request.Method = HttpMethods.Get;
            }

            return next(context);
        });
        app.UseRouting(); // Chooses once more where nothing is chosen.
        app.Use(next => context =>
        {
            context.Request.Method = context.Features.Get<HeadRequests>() is null ? context.Request.Method : HttpMethods.Head;
            return next(context);
        });
    }
}
