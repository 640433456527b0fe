using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using CodexSales.Node.Systemd;
using CodexSales.Rx.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace CodexSales.Node.Tests.Systemd;

/// <summary>What systemd hears of the program.</summary>
public sealed class SystemdServiceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_hears_of_start_and_end_and_meanwhile_that_the_core_lives()
    {
        var heard = new Heard();
        using (var app = Build(heard, "30000"))
        {
            await app.StartAsync(Cancellation);
            await heard.WaitForAsync("WATCHDOG=1", Cancellation);
            await app.StopAsync(Cancellation);
        }

        Assert.StartsWith("READY=1\nSTATUS=", heard.All.First(state => state != "WATCHDOG=1"), StringComparison.Ordinal);
        Assert.StartsWith("STOPPING=1", heard.All.Last(state => state != "WATCHDOG=1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_core_that_hangs_is_silent()
    {
        using var core = new EventLoopScheduler();
        using var goOn = new ManualResetEventSlim();
        var heard = new Heard();
        using var app = Build(heard, "30000", core);
        await app.StartAsync(Cancellation);
        await heard.WaitForAsync("WATCHDOG=1", Cancellation);

        var hangs = new TaskCompletionSource();
        core.Schedule(() =>
        {
            hangs.SetResult();
            goOn.Wait(Cancellation);
        });
        await hangs.Task;
        var before = heard.Pings;
        using var later = new PeriodicTimer(TimeSpan.FromMilliseconds(200)); // Twenty pings.
        await later.WaitForNextTickAsync(Cancellation);
        Assert.Equal(before, heard.Pings);

        goOn.Set();
        await heard.WaitForAsync("WATCHDOG=1", Cancellation);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Without_a_watchdog_it_hears_of_start_and_end_alone()
    {
        var heard = new Heard();
        using var app = Build(heard, null);
        await app.StartAsync(Cancellation);
        await app.StopAsync(Cancellation);

        Assert.Equal(2, heard.All.Count);
    }

    private static IHost Build(Heard heard, string? watchdog, IScheduler? core = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["CodexSales:Workers"] = "1";
        var codex = builder.Services.AddCodexSales(builder.Configuration.GetSection("CodexSales")).UseSimulatedMarket();
        if (core is not null)
        {
            codex.UseScheduler(core);
        }

        SystemdService.AddTo(codex, heard, watchdog);
        return builder.Build();
    }

    private sealed class Heard : ISystemdNotifier
    {
        private readonly ConcurrentQueue<string> _all = new();

        public bool IsEnabled => true;

        public IReadOnlyList<string> All => [.. _all];

        public int Pings => All.Count(state => state == "WATCHDOG=1");

        public void Notify(ServiceState state) => _all.Enqueue($"{state}");

        public async Task WaitForAsync(string state, CancellationToken cancellation)
        {
            var before = Pings;
            while (Pings == before || !All.Contains(state))
            {
                cancellation.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
    }
}
