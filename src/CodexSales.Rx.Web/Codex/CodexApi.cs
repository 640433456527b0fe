using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Codex;

/// <summary>The part of the REST API of Codex that concerns a seller.</summary>
internal static class CodexApi
{
    public static void MapCodexApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/codex/v1");
        api.MapGet("/spr", () => Results.Text("This host sells storage, and has no peer-to-peer part.", statusCode: 503));
    }
}
