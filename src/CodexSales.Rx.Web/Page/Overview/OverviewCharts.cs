using CodexSales.Rx.Web.Page.Parts;
using CodexSales.Rx.Web.Page.Recent;
using CodexSales.Rx.Web.Page.Text;

namespace CodexSales.Rx.Web.Page.Overview;

/// <summary>The charts of the overview, of the samples that were taken up to some moment.</summary>
internal sealed class OverviewCharts(IReadOnlyList<Sample> samples)
{
    public IReadOnlyList<Sample> Samples => samples;

    public Chart.Picture Earned { get; } = new("Earned", new Chart.Line("total", "out", Of(samples, sample => sample.Earned), Units.TokenText, IsFilled: true));

    public Chart.Picture Queue { get; } = new(
        "Queue",
        new Chart.Line("queued", "in", Of(samples, sample => sample.Queued), value => $"{Units.Count(value)} slots", IsFilled: true),
        new Chart.Line("best price / TiB·month", "worker", Of(samples, sample => sample.BestPrice), Units.TokenText));

    public Chart.Picture Proofs { get; } = new(
        "Proofs",
        new Chart.Line("made", "in", Of(samples, sample => sample.ProofsMade), value => $"{Units.Count(value)} proofs", IsFilled: true),
        new Chart.Line("missed", "bad", Of(samples, sample => sample.ProofsMissed), Units.Count, SharesScale: true));

    private static IReadOnlyList<(DateTimeOffset At, double Value)> Of(IReadOnlyList<Sample> samples, Func<Sample, double?> value) =>
        [.. samples.Where(sample => value(sample) is not null).Select(sample => (sample.At, value(sample)!.Value))];
}

/// <summary>The charts of the newest samples, worked out once for all viewers.</summary>
internal sealed class ChartWall(HostMemory memory)
{
    private volatile OverviewCharts _charts = new([]);

    public OverviewCharts Charts => _charts.Samples == memory.Points ? _charts : _charts = new OverviewCharts(memory.Points);
}
