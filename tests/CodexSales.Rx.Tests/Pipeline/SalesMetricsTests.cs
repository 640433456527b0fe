using System.Diagnostics.Metrics;
using CodexSales.Rx.Diagnostics;

namespace CodexSales.Rx.Tests.Pipeline;

public sealed class SalesMetricsTests
{
    private readonly List<string> _counted = [];
    private readonly Dictionary<string, List<double>> _gauges = [];

    [Fact]
    public void A_refusal_and_an_end_are_counted_with_their_reasons()
    {
        using var listener = Listen();
        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2, sizeBytes: 100 * SalesFixture.GiB));
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromDays(2));

        AssertCounted("codexsales.refused TooLarge 1");
        AssertCounted("codexsales.sale.ended Paid 1");
        AssertCounted("codexsales.sale.steps SaleProving 1");
    }

    [Fact]
    public void Reaching_a_limit_is_counted()
    {
        using var listener = Listen();
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Workers = 0, MaxRequests = 1, MaxChangedSlotsPerRequest = 1 }).Run();
        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.Request(SalesFixture.Ask(price: 2));
        sales.FillElsewhere(new SlotKey(request, 0));
        sales.FillElsewhere(new SlotKey(request, 1));
        sales.Advance(TimeSpan.FromMinutes(1));

        AssertCounted("codexsales.refused TooManyRequests 1");
        AssertCounted("codexsales.refused TooManySlots 1");
    }

    [Fact]
    public void What_waits_and_how_long_can_be_read_at_any_time()
    {
        using var listener = Listen();
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 0 }).Run();
        sales.Request(SalesFixture.Ask(price: 2, slots: 7));
        sales.Advance(TimeSpan.FromSeconds(77));

        listener.RecordObservableInstruments();

        AssertRead("codexsales.requests", 1);
        AssertRead("codexsales.queue.length", 7);
        AssertRead("codexsales.worker.tickets", 7);
        AssertRead("codexsales.worker.oldest_ticket", 77);
        AssertRead("codexsales.worker.busy", 0);
    }

    [Fact]
    public void How_long_proofs_take_is_measured()
    {
        using var listener = Listen();
        using var sales = new SalesFixture().Run();
        sales.Prover.OnProve = (_, cancellation) => Observable.Timer(TimeSpan.FromSeconds(17.25), sales.Time)
            .Select(_ => ScriptedProver.Proof)
            .ToTask(cancellation);
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromHours(1));

        AssertRead("codexsales.proof.duration", 17.25);
    }

    private MeterListener Listen()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == SalesMetrics.MeterName)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                lock (_counted)
                {
                    _counted.Add($"{instrument.Name} {tag.Value} {value}");
                }
            }
        });
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Read(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Read(instrument, value));
        listener.Start();
        return listener;
    }

    private void Read(Instrument instrument, double value)
    {
        lock (_gauges)
        {
            if (!_gauges.TryGetValue(instrument.Name, out var values))
            {
                _gauges.Add(instrument.Name, values = []);
            }

            values.Add(value);
        }
    }

    // Other tests may have a pipeline beside this one.
    private void AssertRead(string name, double value)
    {
        lock (_gauges)
        {
            Assert.Contains(value, _gauges[name]);
        }
    }

    // Other tests may run beside this one and count, too.
    private void AssertCounted(string count)
    {
        lock (_counted)
        {
            Assert.Contains(count, _counted);
        }
    }
}
