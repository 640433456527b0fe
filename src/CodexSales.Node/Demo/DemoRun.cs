using System.Reactive.Threading.Tasks;

namespace CodexSales.Node.Demo;

/// <summary>Lets the market's time go on, at the pace at which people watch, or as fast as it can.</summary>
internal sealed class DemoRun(DemoMarket market, DemoOptions options, IScheduler wallClock)
{
    private static readonly TimeSpan _frame = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _step = TimeSpan.FromMinutes(10);

    private readonly TimeSpan _end = TimeSpan.FromDays(options.Days);

    /// <summary>Runs until the last day is over, and shows how things stand after each stretch of time.</summary>
    public async Task RunAsync(Action show, CancellationToken cancelled)
    {
        var began = wallClock.Now;
        market.RunTo(TimeSpan.Zero);
        show();
        while (market.Elapsed < _end)
        {
            cancelled.ThrowIfCancellationRequested();
            var next = market.Elapsed + _step;
            if (options.Speed is { } speed)
            {
                await Observable.Timer(_frame, wallClock).ToTask(cancelled).ConfigureAwait(false);
                next = (wallClock.Now - began) * speed;
            }

            market.RunTo(next < _end ? next : _end);
            show();
        }
    }
}
