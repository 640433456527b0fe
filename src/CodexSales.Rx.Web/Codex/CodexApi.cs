using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Codex;

/// <summary>The part of the REST API of Codex that concerns a seller. Errors are a bare sentence: clients show it as it is.</summary>
internal static class CodexApi
{
    private const string NoPeers = "This host sells storage, and has no peer-to-peer part.";

    public static IServiceCollection AddCodexApi(this IServiceCollection services) => services
        .AddSingleton<LogLevels>()
        .AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>())
        .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>());

    public static void MapCodexApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(ApiPaths.Codex).ExcludeFromDescription();
        api.MapGet("/sales/slots", (ISalesHost host) => CodexAnswers.Found(CodexSlot.All(host)));
        api.MapGet("/sales/slots/{id}", CodexSale.FindAsync);
        api.MapGet("/sales/availability", CodexAvailabilities.List);
        api.MapPost("/sales/availability", CodexAvailabilities.CreateAsync);
        api.MapMethods("/sales/availability", [HttpMethods.Options], () => Results.NoContent());
        api.MapPatch("/sales/availability/{id}", CodexAvailabilities.ChangeAsync);
        api.MapMethods("/sales/availability/{id}", [HttpMethods.Options], () => Results.NoContent());
        api.MapGet("/sales/availability/{id}/reservations", CodexAvailabilities.ListReservationsAsync);
        api.MapGet("/space", (ISalesHost host) => CodexAnswers.Found(CodexSpace.Of(host)));
        api.MapGet("/debug/info", (ISalesHost host) => CodexAnswers.Found(CodexInfo.Of(host)));
        api.MapPost("/debug/chronicles/loglevel", SetLogLevel);
        api.MapGet("/spr", () => CodexAnswers.Refused(StatusCodes.Status503ServiceUnavailable, NoPeers));
        api.MapGet("/peerid", () => CodexAnswers.Refused(StatusCodes.Status503ServiceUnavailable, NoPeers));
        foreach (var part in (string[])["data", "storage", "connect", "debug/peer"])
        {
            api.Map($"/{part}/{{**rest}}", () => CodexAnswers.Refused(
                StatusCodes.Status501NotImplemented,
                "This host sells storage: uploads, downloads, purchases and peers are for another node of Codex to have."));
        }
    }

    private static IResult SetLogLevel(HttpRequest request, LogLevels levels)
    {
        var level = request.Query["level"].ToString();
        return levels.TrySet(level) ? Results.Ok() : CodexAnswers.Refused(
            StatusCodes.Status400BadRequest, $"level: '{level}' is given, but one of {LogLevels.Known} is expected.");
    }
}
