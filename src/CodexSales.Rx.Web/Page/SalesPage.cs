using CodexSales.Rx.Web.Page.Files;
using CodexSales.Rx.Web.Page.Live;
using CodexSales.Rx.Web.Page.Overview;
using CodexSales.Rx.Web.Page.Recent;
using CodexSales.Rx.Web.Page.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MudBlazor.Services;

namespace CodexSales.Rx.Web.Page;

/// <summary>The live page of the operator.</summary>
internal static class SalesPage
{
    public static IServiceCollection AddSalesPage(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
#pragma warning disable RS0030 // Pictures are drawn by the time of people, whatever time a host lives in.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddSingleton<LiveLists>();
        services.AddSingleton<HostMemory>();
        services.AddSingleton<ChartWall>();
        services.AddHostedService(provider => provider.GetRequiredService<HostMemory>());
        return services.AddMudServices();
    }

    public static void MapSalesPage(this WebApplication app)
    {
        app.UseAntiforgery();
        app.MapPageFiles();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
