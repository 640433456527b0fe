using CodexSales.Rx.Web.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Web.Access;

/// <summary>What stands before every page and every call.</summary>
internal static class SalesAccess
{
    public static IServiceCollection AddSalesAccess(this IServiceCollection services)
    {
#pragma warning disable RS0030 // Until when a browser has signed in is said on the wall's clock, as in its cookie.
        services.TryAddSingleton(TimeProvider.System);
#pragma warning restore RS0030
        services.AddSingleton<AccessToken>();
        services.AddSingleton<Session>();
        services.AddSingleton<Gate>();
        services.AddSingleton<Viewers>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>>(provider => provider.GetRequiredService<RequestLimits>());
        services.AddSingleton<IConnectionListenerFactory, LocalListening>();
        services.AddDataProtection();
        services.PostConfigure<KeyManagementOptions>(MemoryKeys.Choose);
        services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = $"{Session.CookieName}.form";
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddCors();
        services.AddProblemDetails();
        services.AddExceptionHandler<Failures>();
        return services;
    }

    /// <summary>Read from top to bottom: what a request goes through.</summary>
    public static void UseSalesAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<WebOptions>>().Value;
        var (limits, gate) = (app.Services.GetRequiredService<RequestLimits>(), app.Services.GetRequiredService<Gate>());
        app.UseForwardedHeaders(ProxiesOf(options));
        app.Use(next => context => SecurityHeaders.AddAsync(context, next));
        app.UseExceptionHandler(_ => { });
        app.Use(next => context => PutBelow(options.PathBase, context, next));
        app.UseRouting();
        HeadRequests.Use(app);
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments(ApiPaths.Codex),
            codex => codex.UseCors(policy => policy.WithOrigins([.. options.AllowedOrigins]).AllowAnyHeader().AllowAnyMethod()));
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/api"),
            api => api.UseStatusCodePages(codes => codes.HttpContext.WriteProblemAsync(codes.HttpContext.Response.StatusCode, null)));
        app.Use(next => context => gate.PassAsync(context, next));
        app.Use(next => context => limits.PassAsync(context, next));
        app.MapSignIn();
    }

    // A proxy that ends TLS says whether the browser came by it. Of nobody else is that believed: those of this machine are known already.
    private static ForwardedHeadersOptions ProxiesOf(WebOptions options)
    {
        var headers = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedProto };
        foreach (var proxy in options.TrustedProxies)
        {
            headers.KnownIPNetworks.Add(WebOptions.ParseProxy(proxy)!.Value);
        }

        return headers;
    }

    // Some proxies take the path off, and some do not.
    private static Task PutBelow(string? pathBase, HttpContext context, RequestDelegate next)
    {
        if (pathBase is not null)
        {
            var request = context.Request;
            request.Path = request.Path.StartsWithSegments(pathBase, out var rest) ? rest.HasValue ? rest : "/" : request.Path;
            request.PathBase = pathBase;
        }

        return next(context);
    }
}
