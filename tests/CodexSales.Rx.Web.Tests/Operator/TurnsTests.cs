using System.Reflection;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Web.Operator;

namespace CodexSales.Rx.Web.Tests.Operator;

public sealed class TurnsTests
{
    [Fact]
    public async Task What_a_pipeline_is_told_that_makes_way_for_the_next_one_is_not_said_to_be_done()
    {
        var time = new VirtualTime();
        await using var ended = await StartAsync(time);
        await using var next = await StartAsync(time);
        var host = DispatchProxy.Create<ISalesHost, Replaced>();
        (((Replaced)host).Ended, ((Replaced)host).Next) = (HostOf(ended), HostOf(next));

        var told = host.TellAsync(PauseAtTheEnd, TestContext.Current.CancellationToken);
        time.AdvanceBy(TimeSpan.FromSeconds(1));

        await Assert.ThrowsAsync<ObjectDisposedException>(() => told);

        void PauseAtTheEnd()
        {
            host.Workers.Pause();
            ended.Dispose(); // Before the pause has had its turn.
        }
    }

    private static ISalesHost HostOf(ServiceProvider services) => services.GetRequiredService<ISalesHost>();

    private static async Task<ServiceProvider> StartAsync(VirtualTime time)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddCodexSales(new ConfigurationBuilder().Build()).UseSimulatedMarket().UseScheduler(time);
        var started = services.BuildServiceProvider();
        foreach (var service in started.GetServices<IHostedService>())
        {
            await service.StartAsync(TestContext.Current.CancellationToken);
        }

        return started;
    }

    /// <summary>A host whose pipeline ends when its workers are told something, and has made way for the next one after that.</summary>
    public class Replaced : DispatchProxy
    {
        private bool _isTold;

        public ISalesHost? Ended { get; set; }

        public ISalesHost? Next { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            var asked = _isTold ? Next : Ended;
            _isTold |= targetMethod!.Name is "get_Workers";
            return targetMethod.Invoke(asked, args);
        }
    }
}
