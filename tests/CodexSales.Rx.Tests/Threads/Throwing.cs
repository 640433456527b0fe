namespace CodexSales.Rx.Tests.Threads;

/// <summary>What a subscriber of a test throws.</summary>
internal sealed class ThrownOnPurposeException() : Exception("A subscriber throws on purpose.");

/// <summary>Subscribers that throw.</summary>
internal static class Throwing
{
    /// <summary>One for everything that a pipeline publishes but its run.</summary>
    public static IEnumerable<IDisposable> WatchAll(SalesPipeline pipeline, Random random) =>
    [
        Watch(pipeline.Refusals, random),
        Watch(pipeline.Troubles, random),
        Watch(pipeline.Recovered, random),
        Watch(pipeline.Workers.Status, random),
        Watch(pipeline.Queue.Connect(), random),
        Watch(pipeline.Queue.Connect(slot => slot.SlotIndex > 0), random),
        Watch(pipeline.Queue.Top(2), random),
        Watch(pipeline.Queue.Watch(new SlotKey(default, 0)), random),
        Watch(pipeline.Queue.CountChanged, random),
        Watch(pipeline.Sales.Connect(), random),
        Watch(pipeline.Availabilities.Connect(), random),
    ];

    private static IDisposable Watch<T>(IObservable<T> source, Random random)
    {
        var left = random.Next(8);
        return source.Subscribe(
            _ =>
            {
                if (left-- == 0)
                {
                    throw new ThrownOnPurposeException();
                }
            },
            () => throw new ThrownOnPurposeException());
    }
}
