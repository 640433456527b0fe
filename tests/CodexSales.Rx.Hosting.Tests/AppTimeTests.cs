using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using CodexSales.Rx.Selling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>Whose time a host lives in where the app says nothing of a scheduler.</summary>
public sealed class AppTimeTests
{
    private static readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_with_a_clock_of_tests_sells_by_it()
    {
        var time = new FakeTimeProvider(VirtualTime.Start);
        using var host = Build(time, codex => codex.UseSimulatedMarket());
        var sales = host.Services.GetRequiredService<ISalesHost>();
        var end = sales.Steps.Ended().Where(step => step.End!.Earned > 0).FirstAsync().ToTask(_cancellation);
        await host.StartAsync(_cancellation);
        for (var step = 0; !end.IsCompleted && step < 20_000; step++)
        {
            time.Advance(TimeSpan.FromSeconds(0.1)); // In which 6 s pass on the simulated market: less than a block.
            await sales.Availabilities.ReadHoldsAsync(_cancellation); // Answered in its turn: time waits for the host.
        }

        Assert.True(end.IsCompletedSuccessfully);
        await StopAsync(host, time);
    }

    [Fact]
    public async Task What_a_scheduler_was_chosen_for_goes_by_that_and_not_by_the_clock_of_the_app()
    {
        var time = new FakeTimeProvider(VirtualTime.Start);
        var virtualTime = new VirtualTime();
        var pings = 0;
        using var host = Build(time, codex => codex.UseSimulatedMarket().UseScheduler(virtualTime).UseWatchdog(TimeSpan.FromMinutes(1), () => pings++));
        await host.StartAsync(_cancellation);

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(0, pings);
        virtualTime.AdvanceBy(TimeSpan.FromMinutes(10));
        Assert.Equal(10, pings);
    }

    [Fact]
    public async Task With_the_clock_of_the_machine_everything_is_decided_on_a_thread_of_the_host()
    {
#pragma warning disable RS0030 // What ASP.NET Core puts among the services of an app.
        var time = TimeProvider.System;
#pragma warning restore RS0030
        var name = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var host = Build(time, codex => codex.UseSimulatedMarket()
            .UseWatchdog(TimeSpan.FromMilliseconds(1), () => name.TrySetResult(Thread.CurrentThread.Name)));
        await host.StartAsync(_cancellation);

        Assert.Equal("CodexSales", await name.Task);
        await host.StopAsync(_cancellation);
    }

    private static IHost Build(TimeProvider time, Action<CodexSalesBuilder> choose)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["CodexSales:Availabilities:0:Id"] = "disk 1",
            ["CodexSales:Availabilities:0:TotalBytes"] = "1099511627776",
            ["CodexSales:Availabilities:0:MaxDurationSeconds"] = "2592000",
            ["CodexSales:Availabilities:0:MinPricePerBytePerSecond"] = "1",
            ["CodexSales:Availabilities:0:TotalCollateral"] = "1000000000000000",
        });
        builder.Services.AddSingleton(time);
        choose(builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")));
        return builder.Build();
    }

    // What it waits for comes with time.
    private static async Task StopAsync(IHost host, FakeTimeProvider time)
    {
        var stop = host.StopAsync(_cancellation);
        while (!stop.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        await stop;
    }
}
