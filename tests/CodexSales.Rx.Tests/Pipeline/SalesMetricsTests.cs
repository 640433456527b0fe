using System.Diagnostics.Metrics;
using CodexSales.Rx.Diagnostics;

namespace CodexSales.Rx.Tests.Pipeline;

public sealed class SalesMetricsTests
{
    [Fact]
    public void A_refusal_and_an_end_are_counted_with_their_reasons()
    {
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == SalesMetrics.MeterName)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            foreach (var tag in tags)
            {
                lock (counted)
                {
                    counted.Add($"{instrument.Name} {tag.Value} {value}");
                }
            }
        });
        listener.Start();

        using var sales = new SalesFixture().Run();
        sales.Request(SalesFixture.Ask(price: 2, sizeBytes: 100 * SalesFixture.GiB));
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromDays(2));

        // Other tests may run beside this one and count, too.
        lock (counted)
        {
            Assert.Contains("codexsales.refused TooLarge 1", counted);
            Assert.Contains("codexsales.sale.ended Paid 1", counted);
            Assert.Contains("codexsales.sale.steps SaleProving 1", counted);
        }
    }
}
