using System.Net.Sockets;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web;
using CodexSales.Rx.Web.Settings;
using CodexSales.Rx.Web.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CodexSales.Node.Serving;

/// <summary>The app of a command, with a web server in it where it listens.</summary>
internal static class WebServer
{
    /// <summary>Puts an app together. Nothing runs yet.</summary>
    /// <param name="listen">The address to listen on; null for no web server.</param>
    /// <param name="access">Who may come in.</param>
    /// <param name="add">Adds the host of the marketplace.</param>
    public static IHost Build(Uri? listen, Action<WebOptions> access, Action<IHostApplicationBuilder> add)
    {
        if (listen is null)
        {
            var plain = Host.CreateEmptyApplicationBuilder(null);
            add(plain);
            return plain.Build();
        }

        // Without the files and variables that ASP.NET looks for: the options of the command are all there is.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(WebServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseKestrelCore().UseUrls(listen.AbsoluteUri);
        builder.Services.AddRouting();
        add(builder);
        builder.Services.AddCodexSalesWeb(access);
        builder.Configuration.AddInMemoryCollection(new ConfigurationBuilder().AddEnvironmentVariables().Build().AsEnumerable()
            .Where(variable => variable.Key.StartsWith("OTEL_", StringComparison.Ordinal)));
        builder.Services.AddCodexSalesTelemetry(builder.Configuration);
        var app = builder.Build();
        app.MapCodexSales();
        app.MapCodexSalesMetrics();
        return app;
    }

    /// <summary>Starts an app.</summary>
    /// <returns>Where it listens; none without a web server.</returns>
    /// <exception cref="CannotSellException">The address can't be listened on.</exception>
    public static async Task<IEnumerable<string>> StartAsync(IHost app, Uri? listen)
    {
        try
        {
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception taken) when (taken.GetBaseException() is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse })
        {
            throw new CannotSellException(
                $"{ListenOption.Name}: {listen} is in use by another program: another port is expected, or none.", taken);
        }
        catch (Exception refused) when (refused.GetBaseException() is SocketException why)
        {
            throw new CannotSellException($"{ListenOption.Name}: {listen} can't be listened on: {why.Message}.", refused);
        }

        return (app as WebApplication)?.Urls ?? [];
    }
}
