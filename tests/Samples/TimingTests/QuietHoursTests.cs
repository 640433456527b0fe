using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Testing.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CodexSales.Samples.Timing.Tests;

public sealed class QuietHoursTests
{
    private static readonly Dictionary<string, string?> _settings = new()
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["CodexSales:Workers"] = "1",
        ["CodexSales:SimulatedMarket:RequestsPerHour"] = "5",
        ["CodexSales:SimulatedMarket:CompetingHosts"] = "0",
        ["CodexSales:SimulatedMarket:LongestRequest"] = "12:00:00",
        ["CodexSales:Availabilities:0:Id"] = "disk 1",
        ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
        ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
        ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
        ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
    };

    [Fact]
    public void Sales_begin_by_day_only_and_are_paid_by_night_too()
    {
        // README: begin
        var time = new VirtualTime(); // It stands still at midnight until it is moved.
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket().UseScheduler(time);
        builder.Services.AddSingleton<IScheduler>(time).AddHostedService<QuietHours>();
        using var app = builder.Build();
        var sales = app.Services.GetRequiredService<ISalesHost>();
        using var begun = time.Record(sales.Steps.Where(step => step.State == SaleStateName.SalePreparing));
        using var paid = time.Record(sales.Steps.Where(step => step.End is { Reason: SaleReason.Paid }));
        time.Run(() => app.StartAsync());
        time.AdvanceBy(TimeSpan.FromHours(36));
        Assert.NotEmpty(begun.Values);
        Assert.All(begun.Values, step => Assert.InRange(step.At.Hours, 6, 21));
        Assert.Contains(paid.Values, step => step.At.Hours is < 6 or >= 22);
        // README: end
    }
}
