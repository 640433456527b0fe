using System.Diagnostics.Metrics;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>Metrics of hooks, under the meter <see cref="MeterName"/>.</summary>
/// <remarks>Tags have few values: the kind of work, and what went wrong.</remarks>
internal static class HookMetrics
{
    public const string MeterName = "CodexSales.Rx.Local";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "codexsales.hook.duration", "s", "How long runs of hooks took, by hook; not those that nobody wanted any more.");

    private static readonly Counter<long> Failed = Meter.CreateCounter<long>(
        "codexsales.hook.failed", "{runs}", "Runs of hooks that failed, by hook and failure.");

    public static async Task MeasureAsync(string name, IStopwatch time, Func<Task> run)
    {
        try
        {
            await run().ConfigureAwait(false);
        }
        catch (HookException failed)
        {
            Failed.Add(1, new("hook", name), new("failure", failed.Failure.ToString()));
            Duration.Record(time.Elapsed.TotalSeconds, new KeyValuePair<string, object?>("hook", name));
            throw;
        }

        Duration.Record(time.Elapsed.TotalSeconds, new KeyValuePair<string, object?>("hook", name));
    }
}
