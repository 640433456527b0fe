using System.Diagnostics.Metrics;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Diagnostics;

/// <summary>What a pipeline tells a metrics collector, under the meter <see cref="MeterName"/>.</summary>
/// <remarks>Tags have few values: reasons and states, never ids. An instrument that nobody listens to costs
/// nothing.</remarks>
internal sealed class SalesMetrics : IDisposable
{
    public const string MeterName = "CodexSales.Rx";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _refused;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _troubles;
    private readonly Histogram<double> _proofs;

    public SalesMetrics(
        Func<int> requests,
        Func<int> queueLength,
        Func<int> tickets,
        Func<double> oldestTicketSeconds,
        Func<int> busyWorkers,
        Func<int> runningSales)
    {
        _refused = _meter.CreateCounter<long>("codexsales.refused", "{refusals}", "Requests and slots not for sale.");
        _steps = _meter.CreateCounter<long>("codexsales.sale.steps", "{steps}", "Steps of sales, by the state they came to.");
        _ended = _meter.CreateCounter<long>("codexsales.sale.ended", "{sales}", "Sales that ended, by reason.");
        _troubles = _meter.CreateCounter<long>("codexsales.troubles", "{troubles}", "Failures that were tried again.");
        _proofs = _meter.CreateHistogram<double>("codexsales.proof.duration", "s", "How long proofs took that were made.");
        _meter.CreateObservableGauge("codexsales.requests", requests, "{requests}", "Requests kept track of.");
        _meter.CreateObservableGauge("codexsales.queue.length", queueLength, "{slots}", "Slots in the queue.");
        _meter.CreateObservableGauge(
            "codexsales.worker.tickets", tickets, "{tickets}", "Turns that wait for a worker.");
        _meter.CreateObservableGauge(
            "codexsales.worker.oldest_ticket", oldestTicketSeconds, "s", "How long the oldest of these has waited.");
        _meter.CreateObservableGauge("codexsales.worker.busy", busyWorkers, "{workers}", "Workers that acquire a slot.");
        _meter.CreateObservableGauge("codexsales.sale.running", runningSales, "{sales}", "Sales under way, hosted ones too.");
    }

    public void Note(Refusal refusal) => _refused.Add(1, Tag("reason", refusal.Reason.ToString()));

    public void Note(SaleStep step)
    {
        if (!_steps.Enabled && !_ended.Enabled)
        {
            return;
        }

        _steps.Add(1, Tag("state", step.State.ToString()));
        if (step.End is { } end)
        {
            _ended.Add(1, Tag("reason", end.Reason.ToString()));
        }
    }

    public void NoteProof(TimeSpan took) => _proofs.Record(took.TotalSeconds);

    public void NoteTrouble() => _troubles.Add(1);

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
