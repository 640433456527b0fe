using CodexSales.Rx.Web.Page.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace CodexSales.Rx.Web.Page;

/// <summary>The live page of the operator.</summary>
internal static class SalesPage
{
    public static IServiceCollection AddSalesPage(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        return services.AddMudServices();
    }

    public static void MapSalesPage(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
