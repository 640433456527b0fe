using System.Diagnostics.Metrics;
using CodexSales.Rx.Health;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Diagnostics;

/// <summary>What a pipeline tells a metrics collector, under the meter <see cref="MeterName"/>.</summary>
/// <remarks>Tags have few values: reasons and states, never ids. An instrument that nobody listens to costs
/// nothing.</remarks>
internal sealed class SalesMetrics : IDisposable
{
    public const string MeterName = "CodexSales.Rx";
    public const string InstanceTag = "codexsales.instance";

    // The state of each running sale and since when, on chain: for how long states last.
    private readonly Dictionary<long, (SaleStateName State, UnixSeconds Since, int MissedProofs)> _running = [];
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _troubles;
    private readonly Histogram<double> _states;
    private readonly Histogram<double> _proofs;
    private readonly Histogram<double> _shares;

    /// <param name="scope">Whose meter it is, as collectors that ask for one factory's meters see it; null for nobody's.</param>
    /// <param name="instance">Tells pipelines of one process apart; null for no tag.</param>
    /// <param name="health">How the pipeline is doing.</param>
    /// <param name="requests">How many requests are kept track of.</param>
    /// <param name="tickets">How many turns wait for a worker.</param>
    public SalesMetrics(IMeterFactory? scope, string? instance, Func<SalesHealth> health, Func<int> requests, Func<int> tickets)
    {
        // Made without the factory, which keeps every meter, and with it a pipeline that was disposed of, until its own end.
        _meter = new Meter(new MeterOptions(MeterName) { Scope = scope, Tags = instance is null ? null : [new(InstanceTag, instance)] });
        _refused = _meter.CreateCounter<long>("codexsales.refused", "{refusals}", "Requests and slots not for sale.");
        _steps = _meter.CreateCounter<long>("codexsales.sale.steps", "{steps}", "Steps of sales, by the state they came to.");
        _ended = _meter.CreateCounter<long>("codexsales.sale.ended", "{sales}", "Sales that ended, by reason.");
        _missed = _meter.CreateCounter<long>("codexsales.proof.missed", "{proofs}", "Proofs that the contract has marked as missing.");
        _troubles = _meter.CreateCounter<long>("codexsales.troubles", "{troubles}", "Failures that were tried again.");
        _states = _meter.CreateHistogram<double>("codexsales.sale.state.duration", "s", "Time of the chain that sales spent in a state.");
        _proofs = _meter.CreateHistogram<double>("codexsales.proof.duration", "s", "How long proofs took that were made.");
        _shares = _meter.CreateHistogram<double>("codexsales.proof.period_share", "1", "How much of their period proofs took that were made.");
        Gauge("codexsales.requests", "{requests}", "Requests kept track of.", () => requests());
        Gauge("codexsales.worker.tickets", "{tickets}", "Turns that wait for a worker.", () => tickets());
        Told("codexsales.queue.length", "{slots}", "Slots in the queue.", now => now.Queued);
        Told("codexsales.slots.open", "{slots}", "Slots of the whole market that can be filled.", now => (double)now.OpenSlots);
        Told("codexsales.slots.hosted", "{slots}", "Slots that are hosted and proved.", now => now.Hosted);
        Told("codexsales.block.age", "s", "How old the newest block is.", now => now.SinceHead.TotalSeconds);
        Told("codexsales.worker.busy", "{workers}", "Workers that acquire a slot.", now => now.Workers.Busy);
        Told("codexsales.worker.limit", "{workers}", "Workers that may be busy at once.", now => now.Workers.Limit);
        Told(
            "codexsales.worker.oldest_ticket",
            "s",
            "How long the oldest of these has waited.",
            now => now.Workers.OldestTicket is { } oldest ? (now.At - oldest).TotalSeconds : 0);
        Told("codexsales.sale.running", "{sales}", "Sales under way, hosted ones too.", now => now.Books.Sales);
        Told("codexsales.collateral.held", "{tokens}", "Collateral of running sales.", now => (double)now.Books.HeldCollateral);
        Told("codexsales.collateral.slashed", "{tokens}", "Collateral that missed proofs cost.", now => (double)now.Books.Slashed);
        Told("codexsales.collateral.lost", "{tokens}", "Collateral that went with slots.", now => (double)now.Books.Lost);
        Told("codexsales.earned", "{tokens}", "Rewards that were paid.", now => (double)now.Books.Earned);
        Told("codexsales.expected", "{tokens}", "Rewards that filled slots bring if no proof is missed.", now => (double)now.Books.ExpectedReward);

        void Told(string name, string unit, string what, Func<SalesHealth, double> figure) => Gauge(name, unit, what, () => figure(health()));
    }

    public void Note(Refusal refusal) => _refused.Add(1, Tag("reason", refusal.Reason.ToString()));

    public void Note(SaleStep step)
    {
        _steps.Add(1, Tag("state", step.State.ToString()));
        if (_running.TryGetValue(step.Sale.Number, out var before))
        {
            _missed.Add(Math.Max(0, step.MissedProofs - before.MissedProofs));
            if (before.State == step.State)
            {
                _running[step.Sale.Number] = before with { MissedProofs = step.MissedProofs };
                return;
            }

            _states.Record(step.At.Value - (double)before.Since.Value, Tag("state", before.State.ToString()));
        }

        _running[step.Sale.Number] = (step.State, step.At, step.MissedProofs);
        if (step.End is { } end)
        {
            _running.Remove(step.Sale.Number);
            _ended.Add(1, Tag("reason", end.Reason.ToString()));
        }
    }

    public void NoteProof(TimeSpan took, ulong periodSeconds)
    {
        _proofs.Record(took.TotalSeconds);
        _shares.Record(took.TotalSeconds / periodSeconds);
    }

    public void NoteTrouble() => _troubles.Add(1);

    public void Dispose() => _meter.Dispose();

    private void Gauge(string name, string unit, string what, Func<double> figure) =>
        _meter.CreateObservableGauge(name, figure, unit, what);

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
