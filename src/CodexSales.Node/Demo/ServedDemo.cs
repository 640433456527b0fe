using CodexSales.Node.Run;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Web.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Node.Demo;

/// <summary>The simulated market behind the page, until it is interrupted.</summary>
internal sealed class ServedDemo(DemoOptions options, Uri listen, Action<WebOptions> access, RunLines lines)
{
    /// <summary>The speed when no other one is given: a day takes some minutes.</summary>
    public const double UsualSpeed = 600;

    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private int Speed => (int)(options.Speed ?? UsualSpeed);

    /// <summary>Runs until it is interrupted. Its past sales are forgotten then.</summary>
    public async Task RunAsync(CancellationToken interrupted)
    {
        var folder = Directory.CreateTempSubdirectory("codexsales-demo-");
        try
        {
            await new SellingApp(listen, access, lines)
                .RunAsync(services => AddTo(services, folder.FullName), _ => StopWithin, _ => Disposable.Empty, interrupted)
                .ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private void AddTo(IServiceCollection services, string folder) => services
        .AddCodexSales(settings => Set(settings, folder))
        .UseSimulatedMarket()
        .UseSqlite()
        .BeforeSelling((host, _) => Offers.SaveAsync(host.Availabilities, DemoMarket.Availabilities));

    private void Set(CodexSalesOptions settings, string folder)
    {
        settings.Pipeline.Workers = options.Workers;
        settings.Pipeline.QueueCapacity = options.QueueSize;
        settings.StopWithin = StopWithin * Speed; // By the clock of the market.
        settings.KeepFreeBytes = 0; // Nothing is stored.
        settings.Sqlite.Path = SalesFile.In(folder);
        settings.SimulatedMarket.Speed = Speed;
        settings.SimulatedMarket.Seed = options.Seed;
        settings.SimulatedMarket.RequestsPerHour = options.RequestsPerHour;
        settings.SimulatedMarket.CompetingHosts = DemoMarket.CompetingHosts;
    }
}
