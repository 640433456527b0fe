using System.Diagnostics;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Selling;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>What a collector of traces sees of a sale.</summary>
public sealed class SalesTracesTests : IDisposable
{
    private const long FirstSampled = 1_000_000; // Other tests have sales of their own meanwhile.

    private readonly SalesTraces _traces = new();
    private readonly List<Activity> _stopped = [];
    private readonly ActivityListener _listener;

    public SalesTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == SalesTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (_stopped)
                {
                    _stopped.Add(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [Fact]
    public void A_sale_is_one_activity_with_its_states_as_events()
    {
        var steps = Sell();

        foreach (var step in steps)
        {
            _traces.Note(step);
        }

        var sale = Of(steps[0].Sale);
        Assert.Equal(steps.Select(step => step.State.ToString()), sale.Events.Select(each => each.Name));
        Assert.Contains("SaleProving", sale.Events.Select(each => each.Name));
        Assert.Equal(nameof(SaleReason.Paid), sale.GetTagItem("codexsales.reason"));
        Assert.Equal(ActivityStatusCode.Ok, sale.Status);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Its_transactions_are_children_and_a_restart_goes_on_in_the_same_trace()
    {
        var steps = Sell();
        var sale = steps[0].Sale;
        _traces.Note(steps[0]);
        _traces.Note(Notice(TransactionNoticeKind.Sent, sale.Slot));
        _traces.Note(Notice(TransactionNoticeKind.Landed, sale.Slot));
        _traces.EndAll();
        foreach (var step in steps.Skip(1))
        {
            _traces.Note(step);
        }

        var sales = OfAll("sale").Where(each => Equals(each.GetTagItem("codexsales.request"), $"{sale.Slot.RequestId}")).ToList();
        Assert.Equal(2, sales.Count);
        Assert.Equal(sales[0].TraceId, sales[1].TraceId);
        Assert.Equal(sales[0].TraceId, Assert.Single(sales[1].Links).Context.TraceId);
        var transaction = Assert.Single(OfAll("ReserveSlot"), each => each.TraceId == sales[0].TraceId);
        Assert.Equal(sales[0].SpanId, transaction.ParentSpanId);
        Assert.Equal(["Sent", "Landed"], transaction.Events.Select(each => each.Name));
    }

    [Fact]
    public void What_the_app_samples_thins_out_sales_as_it_does_others()
    {
        var steps = Sell();
        _listener.Dispose(); // It would take all.
        var exported = new List<Activity>();
        var sampler = new EveryThird();
        using var provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(SalesTraces.SourceName)
            .SetSampler(new ParentBasedSampler(sampler))
            .AddProcessor(new Exported(exported.Add))
            .Build();
        using var traces = new SalesTraces();

        for (var number = FirstSampled; number < FirstSampled + 30; number++)
        {
            foreach (var step in steps)
            {
                traces.Note(step with { Sale = step.Sale with { Number = number } });
            }
        }

        Assert.Equal(30, sampler.Asked);
        Assert.Equal(10, exported.Count);
        Assert.All(exported, sale => Assert.Equal(steps.Count, sale.Events.Count()));
    }

    public void Dispose()
    {
        _listener.Dispose();
        _traces.Dispose();
    }

    // The steps of a sale that was paid, out of a day of the simulated market.
    private List<SaleStep> Sell()
    {
        using var app = new HostedApp(builder => builder.UseSimulatedMarket(), [("SimulatedMarket:CompetingHosts", "0"), ("Workers", "1")]);
        var steps = new List<SaleStep>();
        using var told = app.Sales.Steps.Subscribe(steps.Add);
        app.Start();
        while (!steps.Any(step => step.End?.Reason is SaleReason.Paid))
        {
            app.Time.Advance(TimeSpan.FromHours(1));
        }

        var paid = steps.First(step => step.End?.Reason is SaleReason.Paid).Sale.Number;
        app.Stop();
        Assert.NotEmpty(OfAll("sale")); // The app's own.
        _stopped.Clear();
        return [.. steps.Where(step => step.Sale.Number == paid)];
    }

    private static TransactionNotice Notice(TransactionNoticeKind kind, SlotKey slot) => new(
        default, kind, new TransactionPurpose(TransactionKind.ReserveSlot, slot, null, UInt256.Zero), 1, null, "");

    private Activity Of(Sale sale) => Assert.Single(
        OfAll("sale"),
        each => Equals(each.GetTagItem("codexsales.request"), $"{sale.Slot.RequestId}") && Equals(each.GetTagItem("codexsales.sale"), sale.Number)
            && each.Events.Any(told => told.Name == "SaleFinished"));

    private List<Activity> OfAll(string name)
    {
        lock (_stopped)
        {
            return [.. _stopped.Where(each => each.OperationName == name)];
        }
    }

    private static bool IsSampled(IEnumerable<KeyValuePair<string, object?>>? tags) =>
        tags?.Any(tag => tag is { Key: "codexsales.sale", Value: >= FirstSampled }) is true;

    private sealed class EveryThird : Sampler
    {
        public int Asked { get; private set; }

        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(IsSampled(samplingParameters.Tags) && Asked++ % 3 == 0);
    }

    private sealed class Exported(Action<Activity> note) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (IsSampled(data.TagObjects))
            {
                note(data);
            }
        }
    }
}
