using System.Reactive;
using System.Text.Json;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Writes down what one pipeline says, and checks what must hold at every instant.</summary>
internal sealed class PipelineWatch : IDisposable
{
    private readonly SlotNames _names;
    private readonly LaneLog _log;
    private readonly HashSet<string> _marks;
    private readonly List<string> _problems;
    private readonly CompositeDisposable _subscriptions = [];
    private readonly Dictionary<long, SaleStep> _sales = [];
    private readonly HashSet<SlotKey> _busy = [];

    public PipelineWatch(
        SalesPipeline pipeline, SlotNames names, LaneLog log, HashSet<string> marks, List<string> problems)
    {
        (Pipeline, _names, _log, _marks, _problems) = (pipeline, names, log, marks, problems);
        WatchQueue("queue");
        Watch("the availabilities", pipeline.Availabilities.Connect(), NoteBooks);
        Watch("refusals", pipeline.Refusals, Note);
        Watch("troubles", pipeline.Troubles, trouble =>
        {
            _marks.Add("trouble");
            _log.Say("troubles", trouble.Error.Message);
        });
    }

    public SalesPipeline Pipeline { get; }

    /// <summary>Told when a sale starts, before it does anything.</summary>
    public Action<SlotKey> Started { get; set; } = _ => { };

    /// <summary>Runs the pipeline until the watch is disposed.</summary>
    public void Run()
    {
        Watch("the pipeline", Pipeline.Steps, Note);
        _ = Pipeline.StartAsync();
    }

    /// <summary>Notes in a lane what a subscriber of the queue sees from now on.</summary>
    public void WatchQueue(string lane) => Watch($"lane {lane}", Pipeline.Queue.Connect(), set =>
    {
        if (set.Count > 0 || lane != "queue")
        {
            var changes = set.Select(change => Describe(change, set.IsSnapshot));
            _log.Say(lane, set.Count == 0 ? "empty" : string.Join(' ', changes));
            _marks.UnionWith(set.Select(change => $"queue.{Words.Of(change.Cause)}"));
        }
    });

    /// <summary>A slot's storage is cleared: its worker is free by then, if it had one.</summary>
    public void NoteCleared(SlotKey slot) => Release(slot);

    /// <summary>The pipeline is stopped while it works: its workers are gone.</summary>
    public void NoteStopped()
    {
        foreach (var slot in _busy.ToArray())
        {
            Release(slot);
        }
    }

    /// <summary>Checks that workers and books agree with the sales that run.</summary>
    public void Check()
    {
        var busy = Pipeline.Workers.Snapshot.Busy;
        if (busy != _busy.Count)
        {
            _problems.Add($"column {_log.Column}: {busy} workers are busy, but {_busy.Count} slots are being acquired");
        }

        var held = Pipeline.Availabilities.Snapshot.Aggregate(0UL, (sum, each) => sum + each.HeldBytes + each.UsedBytes);
        var owed = _sales.Values.Where(step => step.State != SaleStateName.SalePreparing)
            .Aggregate(0UL, (sum, step) => sum + step.Sale.Terms.Ask.SlotSizeBytes);
        if (held != owed)
        {
            _problems.Add($"column {_log.Column}: {Quantities.SizeText(held)} are held, "
                + $"but the sales that run need {Quantities.SizeText(owed)}");
        }
    }

    public void Dispose() => _subscriptions.Dispose();

    private void Watch<T>(string what, IObservable<T> source, Action<T> note) =>
        _subscriptions.Add(source.Subscribe(new SerialObserver<T>(
            Observer.Create(note, error => _problems.Add($"{what} ended: {error.Message}")),
            how => _problems.Add($"{what}: an observable {how}"))));

    private string Describe(Change<OpenSlot, SlotKey, QueueCause> change, bool isSnapshot)
    {
        var sign = isSnapshot ? '=' : change.Kind switch
        {
            ChangeKind.Added => '+',
            ChangeKind.Removed => '-',
            _ => '~',
        };
        return $"{sign}{_names.NameOf(change.Key)}{(change.After is { IsDeferred: true } ? " seen" : "")}";
    }

    private void NoteBooks(ChangeSet<AvailabilityBalance, AvailabilityId, LedgerCause> set)
    {
        foreach (var change in set)
        {
            var balance = change.Item;
            var size = change.Cause switch
            {
                LedgerCause.Saved => Quantities.SizeText(balance.Availability.TotalBytes),
                LedgerCause.Removed => null,
                LedgerCause.Written => Quantities.SizeText(balance.UsedBytes),
                _ => Quantities.SizeText(balance.HeldBytes + balance.UsedBytes),
            };
            var words = string.Join(' ', [Words.Of(change.Cause), .. Optional(size)]);
            _log.SayOn("books", balance.Availability.Id.ToString(), words);
        }
    }

    private void Note(Refusal refusal)
    {
        var what = refusal.SlotIndex is { } index
            ? _names.NameOf(new SlotKey(refusal.RequestId, index))
            : _names.NameOf(refusal.RequestId);
        _marks.Add($"refused.{Words.Of(refusal.Reason)}");
        _log.Say("refusals", $"{what} {Words.Of(refusal.Reason)}");
    }

    private void Note(SaleStep step)
    {
        var (slot, name) = (step.Sale.Slot, _names.NameOf(step.Sale.Slot));
        var before = _sales.GetValueOrDefault(step.Sale.Number);
        _sales[step.Sale.Number] = step;
        _log.SayOn("steps", name, string.Join(' ', WordsOf(step, step.End is null && step.MissedProofs > (before?.MissedProofs ?? 0))));
        switch (step)
        {
            case { End: { } end }:
                _sales.Remove(step.Sale.Number);
                _marks.Add($"sale.{Words.Of(end.Reason)}");
                _log.Say("cleanups", $"{name} {(step.State == SaleStateName.SaleFinished ? "done" : StateOf(step))}");
                _log.Say($"host {name}", "!");
                Release(slot);
                break;
            case { State: SaleStateName.SalePreparing }:
                _busy.Add(slot);
                _log.Say("starts", name);
                _log.Say($"run {name}", "^");
                Started(slot);
                break;
            case { State: SaleStateName.SaleProving } when before?.State != SaleStateName.SaleProving:
                Release(slot);
                _log.Say($"host {name}", "^");
                break;
        }
    }

    private void Release(SlotKey slot)
    {
        if (_busy.Remove(slot))
        {
            _log.Say($"run {_names.NameOf(slot)}", "!");
        }
    }

    private static IEnumerable<string> WordsOf(SaleStep step, bool hasMissed) =>
        hasMissed ? ["missed"] : [StateOf(step), .. Optional(step.End is { } end ? Words.Of(end.Reason) : null)];

    private static string StateOf(SaleStep step) =>
        JsonNamingPolicy.CamelCase.ConvertName(step.State.ToString()["Sale".Length..]);

    private static ImmutableArray<string> Optional(string? word) => word is null ? [] : [word];
}
