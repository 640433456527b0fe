using CodexSales.Rx.Web.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The API of the operator: everything that the host knows and can be told.</summary>
internal static class OperatorApi
{
    public static IServiceCollection AddOperatorApi(this IServiceCollection services) => services.AddApiDocument();

    public static void MapOperatorApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(ApiPaths.Operator)
            .AddEndpointFilter<RouteGroupBuilder, OperatorErrors>()
            .ProducesProblem(StatusCodes.Status400BadRequest)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        api.MapHealth();
        api.MapQueue();
        api.MapSales();
        api.MapHistory();
        api.MapRefusals();
        api.MapAvailabilities();
        api.MapWorkers();
        api.MapTransactions();
        api.MapBalances();
        api.MapChain();
        api.MapOptions();
        api.MapAlerts();
        app.MapApiDocument();
    }
}
