using CodexSales.Rx.Hosting.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CodexSales.Rx.Hosting;

/// <summary>Adds a host of the marketplace to the services of an app.</summary>
public static class CodexSalesServiceCollectionExtensions
{
    /// <summary>The name of the health check.</summary>
    public const string HealthCheckName = "codexsales";

    /// <summary>
    /// Sells storage as long as the app runs. Inject <see cref="ISalesHost"/> to watch and change it. The builder chooses
    /// what it sells, where, and with what: at least a market.
    /// </summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="section">
    /// What <see cref="CodexSalesOptions"/> holds, by the names of its properties. Read again whenever it changes; what can't be
    /// changed while it runs waits for the next start.
    /// </param>
    /// <exception cref="InvalidOperationException">It was added before: one app is one host.</exception>
    /// <remarks>
    /// Options that are wrong, keys that nobody knows and choices that are missing end the start of the app with one
    /// <see cref="OptionsValidationException"/> that lists all of them.
    /// </remarks>
    public static CodexSalesBuilder AddCodexSales(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        return services.Add(options => SettingsReader.Read(section, options), section);
    }

    /// <summary>The same, with options that the app sets itself, and that stay what they are.</summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="configure">Sets the options, which hold their defaults.</param>
    /// <exception cref="InvalidOperationException">It was added before: one app is one host.</exception>
    public static CodexSalesBuilder AddCodexSales(this IServiceCollection services, Action<CodexSalesOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        return services.Add(configure, new ConfigurationBuilder().Build());
    }

    private static CodexSalesBuilder Add(this IServiceCollection services, Action<CodexSalesOptions> configure, IConfiguration section)
    {
        if (services.Any(service => service.ServiceType == typeof(ISalesHost)))
        {
            throw new InvalidOperationException("AddCodexSales was called before; one app is one host of the marketplace.");
        }

        var builder = new CodexSalesBuilder(services, section);
        services.AddOptions<CodexSalesOptions>()
            .Configure(configure)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CodexSalesOptions>>(new CodexSalesValidator(builder));
        services.AddSingleton(builder);
        services.AddSingleton<SalesTraces>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SalesService>(provider, section));
        services.AddSingleton<ISalesHost>(provider => provider.GetRequiredService<SalesService>());
        services.AddHostedService(provider => provider.GetRequiredService<SalesService>());
        services.AddHealthChecks().AddCheck<SalesHealthCheck>(HealthCheckName);
        return builder;
    }
}
