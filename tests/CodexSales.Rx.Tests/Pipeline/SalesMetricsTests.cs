using System.Diagnostics.Metrics;
using CodexSales.Rx.Diagnostics;

namespace CodexSales.Rx.Tests.Pipeline;

public sealed class SalesMetricsTests
{
    private readonly List<string> _counted = [];
    private readonly Dictionary<string, List<double>> _gauges = [];
    private readonly Dictionary<string, long> _missedByInstance = [];

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
        AssertRead("codexsales.proof.period_share", 17.25 / 120);
    }

    [Fact]
    public void What_is_earned_held_and_missed_and_how_long_states_last_is_told_with_the_instance()
    {
        using var listener = Listen();
        using var sales = new SalesFixture(new SalesPipelineOptions { Workers = 1, InstanceName = "disk 7" }).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromHours(1));
        listener.RecordObservableInstruments();
        var totals = sales.Pipeline.Availabilities.Totals;
        AssertRead("codexsales.slots.hosted", 1);
        AssertRead("codexsales.worker.limit", 1);
        AssertRead("codexsales.collateral.held", (double)totals.HeldCollateral);
        AssertRead("codexsales.expected", (double)totals.ExpectedReward);
        AssertRead("codexsales.block.age", sales.Pipeline.Health.SinceHead.TotalSeconds);

        sales.Prover.OnProve = (_, _) => Task.FromException<Groth16Proof>(new InvalidOperationException("broken"));
        sales.Advance(TimeSpan.FromMinutes(10));
        var missed = sales.Steps[^1].MissedProofs;
        sales.Prover.OnProve = (_, _) => Task.FromResult(ScriptedProver.Proof);
        sales.Advance(TimeSpan.FromDays(2));
        listener.RecordObservableInstruments();

        Assert.InRange(missed, 1, 10);
        Assert.Equal(missed, _missedByInstance["disk 7"]);
        AssertRead("codexsales.earned", (double)sales.Pipeline.Availabilities.Totals.Earned);
        AssertRead("codexsales.collateral.slashed", (double)sales.Pipeline.Availabilities.Totals.Slashed);
        var proving = sales.Steps.First(step => step.State is SaleStateName.SaleProving).At;
        var payout = sales.Steps.First(step => step.State is SaleStateName.SalePayout).At;
        AssertRead("codexsales.sale.state.duration", payout.Value - proving.Value);
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

            if (instrument.Name == "codexsales.proof.missed"
                && instrument.Meter.Tags?.FirstOrDefault(tag => tag.Key == SalesMetrics.InstanceTag).Value is string instance)
            {
                _missedByInstance[instance] = _missedByInstance.GetValueOrDefault(instance) + value;
            }
        });
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
