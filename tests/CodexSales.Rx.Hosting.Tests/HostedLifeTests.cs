using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Selling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>From the start of an app to its end, on a simulated market in virtual time.</summary>
public sealed class HostedLifeTests
{
    [Fact]
    public async Task An_app_of_two_lines_sells_hosts_and_is_paid()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        await app.StartAsync();
        var ends = new List<SaleStep>();
        using var ended = app.Sales.Steps.Ended().Subscribe(ends.Add);

        app.Time.AdvanceBy(TimeSpan.FromDays(3));

        Assert.Contains(ends, step => step.End!.Earned > UInt256.Zero);
        Assert.NotEmpty(app.Log.Of(21));
        Assert.Null(app.Sales.Health.Problem);
        await app.StopAsync();
        Assert.Equal(LogLevel.Information, Assert.Single(app.Log.Of(4, 5)).Level);
    }

    [Fact]
    public async Task Before_the_app_has_started_its_health_says_so_and_nothing_else_is_there()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());

        Assert.Equal("The app has not started yet.", app.Sales.Health.Sentence);
        Assert.Throws<InvalidOperationException>(() => app.Sales.Queue);
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
    }

    [Fact]
    public async Task The_health_check_has_the_sentence_and_its_figures()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket());
        await app.StartAsync();
        app.Time.AdvanceBy(TimeSpan.FromHours(1));

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var entry = Assert.Single(report.Entries).Value;
        Assert.Equal((HealthStatus.Healthy, app.Sales.Health.Sentence), (entry.Status, entry.Description));
        Assert.True((ulong)entry.Data["block"] > 0);
    }

    [Fact]
    public async Task Options_that_change_are_taken_while_it_runs_and_wrong_ones_are_told_and_not_taken()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [("MaxWorkers", "5")]);
        await app.StartAsync();
        app.Time.AdvanceBy(TimeSpan.FromMinutes(1));

        app.Settings["CodexSales:Workers"] = "5";
        app.Settings["CodexSales:QueueCapacity"] = "7";
        Reload(app);
        Assert.Equal(5, app.Sales.Workers.Snapshot.Limit);

        app.Settings["CodexSales:Workers"] = "many";
        Reload(app);

        Assert.Equal(5, app.Sales.Workers.Snapshot.Limit);
        Assert.Contains("CodexSales:Workers: 'many' is given, but a whole number is expected.", Assert.Single(app.Log.Of(6)).Text, StringComparison.Ordinal);
    }

    private static void Reload(HostedApp app)
    {
        ((Microsoft.Extensions.Configuration.IConfigurationRoot)app.Settings).Reload();
        app.Time.AdvanceBy(TimeSpan.FromSeconds(1));
    }
}
