using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>What the pipeline keeps in memory: measured once, not timed.</summary>
internal static class MemoryReport
{
    private const int Requests = 100_000;
    private const int SlotsOfRequest = 10;

    public static void WriteTo(TextWriter output, int sales)
    {
        MeasureOpenSlots(output);
        MeasureSales(output, sales);
    }

    private static void MeasureOpenSlots(TextWriter output)
    {
        var before = Live();
        var queue = OfOpenSlots();
        output.WriteLine($"{queue.Count:N0} open slots of {Requests:N0} requests: {(Live() - before) / 1e6:N1} MB");
        GC.KeepAlive(queue);
    }

    private static void MeasureSales(TextWriter output, int sales)
    {
        const int Measurements = 10;
        var provider = new BusyProvider();
        for (var i = 0; i < Measurements; i++)
        {
            var ended = provider.Sell(sales / Measurements);
            output.WriteLine($"after {ended:N0} sales: {Live() / 1e6:N1} MB");
        }

        GC.KeepAlive(provider);
    }

    // The stages up to the queue, and all that they hold, are reachable from what the queue holds.
    private static SlotQueue OfOpenSlots()
    {
        var random = new Random(1);
        var now = new UnixSeconds(1_000_000);
        var ledger = new AvailabilityLedger(new VirtualTime(), failure => throw failure);
        ledger.Save(new Availability
        {
            Id = new AvailabilityId("v"),
            TotalBytes = 1UL << 40,
            MaxDurationSeconds = 1_000,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 1UL << 50,
        });
        var open = new RequestTracker(new TrackingLimits(Requests, SlotsOfRequest), 10, random, _ => { });
        var filter = new AvailabilityFilter(ledger, (_, _, _) => { });
        var queue = SampleGroups.QueueOf(Requests * SlotsOfRequest, []);
        queue.CountChanged.Subscribe(_ => GC.KeepAlive((open, filter)));
        for (var i = 1; i <= Requests; i++)
        {
            var terms = SampleGroups.Terms(i, SlotsOfRequest, random);
            var requested = new StorageRequested(new BlockStamp(1, now), terms.RequestId, terms.Ask, now.Plus(1_000));
            if (open.Apply(requested, now) is { } opened && filter.Apply(opened) is { } taken)
            {
                queue.Apply(taken);
            }
        }

        return queue;
    }

    private static long Live() => GC.GetTotalMemory(forceFullCollection: true);
}
