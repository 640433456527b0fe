using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>What is done, and what is not, before anything is sold.</summary>
public sealed class HostedStartTests
{
    [Fact]
    public void What_the_app_does_before_selling_is_done_once_and_before_the_first_step()
    {
        var (prepared, steps) = (0, 0);
        using var app = new HostedApp(builder => builder.UseSimulatedMarket().BeforeSelling((host, stopping) =>
        {
            Assert.Equal(0, steps);
            prepared++;
            _ = host.Availabilities.DrainAsync(new AvailabilityId("disk 1"), stopping);
            return Task.CompletedTask;
        }));
        var ended = 0;
        app.Break = market => new EndingMarket(market, () => ++ended <= 2);
        using var counted = app.Sales.Steps.Subscribe(_ => steps++);
        app.Start();

        app.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((1, 0), (prepared, steps));
        Assert.True(ended > 2);
        app.Stop();
    }

    [Fact]
    public void What_it_can_not_do_then_is_the_end_and_nothing_was_sold()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket().BeforeSelling(
            (_, _) => throw new CannotSellException("Nothing is for sale.")));
        var steps = 0;
        using var counted = app.Sales.Steps.Subscribe(_ => steps++);
        app.Start();

        app.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("Nothing is for sale.", Assert.IsType<CannotSellException>(app.Sales.Completion.Exception!.InnerException).Message);
        Assert.Equal(0, steps);
        Environment.ExitCode = 0; // It is that of the tests, too.
        app.Stop();
        Assert.Empty(app.Log.Of(4, 11));
    }

    [Fact]
    public void A_service_that_can_not_start_keeps_the_host_from_selling()
    {
        var asked = 0;
        using var app = new HostedApp(builder => builder.UseSimulatedMarket().Services.AddHostedService<PortIsTaken>());
        app.Break = market => new AskedMarket(market, () => asked++);

        Assert.Throws<IOException>(app.Start);
        app.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, asked);
    }

    [Fact]
    public void A_dry_run_ends_each_sale_where_it_would_reserve_its_slot()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket().UseDryRun());
        var ends = new List<EndedSale>();
        var states = new HashSet<SaleStateName>();
        using var ended = app.Sales.Ends.Subscribe(ends.Add);
        using var seen = app.Sales.Steps.Subscribe(step => states.Add(step.State));
        app.Start();

        app.Time.Advance(TimeSpan.FromHours(1));

        Assert.Contains(ends, sale => sale.Step.End!.Detail.Contains("A dry run ends here", StringComparison.Ordinal));
        Assert.DoesNotContain(SaleStateName.SaleDownloading, states);
        app.Stop();
    }

    private sealed class PortIsTaken : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new IOException("The port is taken.");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class AskedMarket(IMarket market, Action onQuestion) : DelegatingMarket(market)
    {
        public override Task<MarketRules> GetRulesAsync(CancellationToken cancellation)
        {
            onQuestion();
            return base.GetRulesAsync(cancellation);
        }
    }
}
