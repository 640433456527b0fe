using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Hosting;
using Microsoft.Extensions.Hosting;

namespace CodexSales.Samples.Timing.Tests;

/// <summary>A policy of this app: from 22 to 6 o'clock nothing new is begun. What is hosted is proved all the same.</summary>
internal sealed class QuietHours(ISalesHost host, IScheduler scheduler) : IHostedService, IDisposable
{
    private IDisposable? _clock;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _clock = Observable.Timer(TimeSpan.Zero, TimeSpan.FromMinutes(1), scheduler)
            .Select(_ => scheduler.Now.Hour is >= 22 or < 6)
            .DistinctUntilChanged()
            .Subscribe(isNight =>
            {
                if (isNight)
                {
                    host.Workers.Pause();
                }
                else
                {
                    host.Workers.Resume();
                }
            });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _clock?.Dispose();
}
