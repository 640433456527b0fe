using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Web.Access;
using CodexSales.Rx.Web.Codex;
using CodexSales.Rx.Web.Operator;
using CodexSales.Rx.Web.Page;
using CodexSales.Rx.Web.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web;

/// <summary>Serves the host of the marketplace that runs in an ASP.NET Core app.</summary>
public static class CodexSalesWebExtensions
{
    /// <summary>Adds what <see cref="MapCodexSales"/> needs. The host itself is added by <c>AddCodexSales</c>, before.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configure">Sets options in code, over those of the section <c>Web</c> of the host's configuration.</param>
    /// <remarks>
    /// The building of an app whose options are wrong throws one <see cref="OptionsValidationException"/> that lists all that is wrong;
    /// so does the start where there is no token, and an address to listen on that others can reach.
    /// </remarks>
    /// <exception cref="InvalidOperationException"><c>AddCodexSales</c> was not called before.</exception>
    public static IServiceCollection AddCodexSalesWeb(this IServiceCollection services, Action<WebOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var host = services.Select(service => service.ImplementationInstance).OfType<CodexSalesBuilder>().FirstOrDefault()
            ?? throw new InvalidOperationException("AddCodexSales is expected before AddCodexSalesWeb: it adds the host that is served.");
        services.AddOptions<WebOptions>()
            .Configure(options => SettingsReader.ReadPart(host.Section, "Web", options))
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsValidator>();
        return services.AddSalesAccess().AddCodexApi().AddOperatorApi().AddSalesPage();
    }

    /// <summary>
    /// Serves the REST API of Codex below <c>/api/codex/v1</c>, the operator's below <c>/api/v1</c>, and the page at
    /// <c>/</c>. All else that the app serves needs the token, too.
    /// </summary>
    /// <param name="app">The app, with its services added by <see cref="AddCodexSalesWeb"/>.</param>
    /// <exception cref="OptionsValidationException">Options are wrong.</exception>
    public static void MapCodexSales(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseSalesAccess();
        app.MapCodexApi();
        app.MapOperatorApi();
        app.MapSalesPage();
    }
}
