using CodexSales.Rx.Web.Codex;
using CodexSales.Rx.Web.Operator;
using CodexSales.Rx.Web.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Web;

/// <summary>Serves the host of the marketplace that runs in an ASP.NET Core app.</summary>
public static class CodexSalesWebExtensions
{
    /// <summary>Adds what <see cref="MapCodexSales"/> needs. The host itself is added by <c>AddCodexSales</c>.</summary>
    /// <param name="services">The services of the app.</param>
    public static IServiceCollection AddCodexSalesWeb(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.AddOperatorApi().AddSalesPage();
    }

    /// <summary>Serves the REST API of Codex below <c>/api/codex/v1</c>, the operator's below <c>/api/v1</c>, and the page at <c>/</c>.</summary>
    /// <param name="app">The app, with its services added by <see cref="AddCodexSalesWeb"/>.</param>
    public static void MapCodexSales(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapCodexApi();
        app.MapOperatorApi();
        app.MapSalesPage();
    }
}
