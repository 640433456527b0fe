using System.Reactive.Subjects;
using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Which alerts are active, and which were. Lives on the core; can be looked at from any thread.</summary>
/// <param name="happeningsLast">For how long something that happened stays an alert after the last time.</param>
/// <param name="core">Where time passes.</param>
/// <param name="subscriberFailed">Told of each exception that a subscriber throws.</param>
internal sealed class AlertBook(TimeSpan happeningsLast, IScheduler core, Action<Exception> subscriberFailed) : IDisposable
{
    /// <summary>A sign that is not seen for so long is over: a node that comes and goes is one alert.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    // Alerts of the process before may need as long to be seen again: the chain has to be found first.
    private static readonly TimeSpan _calmAfterRestart = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(AlertKind, string), Entry> _entries = [];
    private readonly Subject<Alert> _told = new();
    private ImmutableList<Alert> _past = [];
    private long _lastId;
    private int _left;

    /// <summary>For how long what happens from now on stays an alert after the last time.</summary>
    public TimeSpan HappeningsLast { get; set; } = happeningsLast;

    /// <summary>The active ones.</summary>
    public SortedObservableCache<Alert, long, AlertChange> Active { get; } = new(
        alert => alert.Id, Comparer<Alert>.Create((left, right) => left.Id.CompareTo(right.Id)), subscriberFailed);

    /// <summary>Those that are over, the latest first.</summary>
    public IReadOnlyList<Alert> Past => Volatile.Read(ref _past);

    /// <summary>Each alert when it begins, and when it is over.</summary>
    public IObservable<Alert> Told => _told;

    /// <summary>Takes up what the process before has left.</summary>
    public void Restore(AlertMemory memory)
    {
        _lastId = memory.LastId;
        _past = [.. memory.Past];
        foreach (var alert in memory.Active)
        {
            var kind = IsHappening(alert.Kind) ? HappeningsLast : _calmAfterRestart;
            _entries[(alert.Kind, alert.Subject)] = new Entry(alert, core.Now, kind);
            Active.AddOrUpdate(alert, AlertChange.Begun);
        }
    }

    /// <summary>What the next process has to know.</summary>
    public AlertMemory Remember() => new(_lastId, Active.Snapshot.Items, _past);

    /// <summary>All that holds now.</summary>
    public void See(IEnumerable<Sign> signs)
    {
        foreach (var sign in signs)
        {
            See(sign);
        }

        EndOld();
        _left = 0;
    }

    /// <summary>Something happened.</summary>
    public void Note(Sign sign)
    {
        if (_entries.TryGetValue((sign.Kind, sign.Subject), out var entry) && entry.Alert is { } before)
        {
            _entries[(sign.Kind, sign.Subject)] = Change(entry, before with { Severity = sign.Severity, Sentence = sign.Sentence, Count = before.Count + 1 });
        }
        else
        {
            Begin(sign, HappeningsLast);
        }
    }

    /// <summary>Ends the alert of a subject that does not matter any more.</summary>
    public void End(AlertKind kind, string subject)
    {
        if (_entries.Remove((kind, subject), out var entry) && entry.Alert is { } alert)
        {
            End(alert, AlertChange.Over);
        }
    }

    /// <summary>Somebody knows of it.</summary>
    public Alert? Dismiss(long id)
    {
        if (!Active.TryGet(id, out var alert))
        {
            return null;
        }

        // As long as it goes on it is remembered as one that is known.
        var key = (alert.Kind, alert.Subject);
        _entries[key] = _entries[key] with { Alert = null };
        return End(alert, AlertChange.Dismissed);
    }

    /// <summary>Raises one that means nothing.</summary>
    public Alert Test()
    {
        End(AlertKind.Test, "");
        Begin(new Sign(AlertKind.Test, AlertSeverity.Information, "", "This is a test: alerts arrive."), Calm);
        return _entries[(AlertKind.Test, "")].Alert!;
    }

    public void Dispose()
    {
        Active.Dispose();
        _told.OnCompleted();
        _told.Dispose();
    }

    private static bool IsHappening(AlertKind kind) =>
        kind is AlertKind.ProofMissed or AlertKind.CollateralSlashed or AlertKind.SlotLost or AlertKind.AlertsLost;

    private void See(Sign sign)
    {
        if (!_entries.TryGetValue((sign.Kind, sign.Subject), out var entry))
        {
            Begin(sign, Calm);
            return;
        }

        _entries[(sign.Kind, sign.Subject)] = entry.Alert is { } before && (before.Sentence, before.Severity) != (sign.Sentence, sign.Severity)
            ? Change(entry, before with { Sentence = sign.Sentence, Severity = sign.Severity })
            : entry with { SeenAt = core.Now, Calm = Calm };
    }

    private Entry Change(Entry entry, Alert now)
    {
        Active.AddOrUpdate(now, AlertChange.GoneOn);
        return entry with { Alert = now, SeenAt = core.Now, Calm = IsHappening(now.Kind) ? HappeningsLast : Calm };
    }

    // One that is left out is seen again at the next look; one that happened is told by the number of those that are left out.
    private void Begin(Sign sign, TimeSpan calm)
    {
        if (Active.Count >= SalesAlerts.MostActive - 1 && sign.Kind is not (AlertKind.AlertsLost or AlertKind.Test))
        {
            _left++;
            Note(new Sign(
                AlertKind.AlertsLost, AlertSeverity.Critical, "", $"More than {SalesAlerts.MostActive} alerts at once: {_left} are not told."));
            return;
        }

        var alert = new Alert(++_lastId, sign.Kind, sign.Severity, sign.Subject, sign.Sentence, core.Now, null, 1, false);
        _entries[(sign.Kind, sign.Subject)] = new Entry(alert, core.Now, calm);
        Active.AddOrUpdate(alert, AlertChange.Begun);
        _told.OnNext(alert);
    }

    private void EndOld()
    {
        foreach (var (key, entry) in _entries.Where(each => core.Now - each.Value.SeenAt >= each.Value.Calm).ToList())
        {
            _entries.Remove(key);
            if (entry.Alert is { } alert)
            {
                End(alert, AlertChange.Over);
            }
        }
    }

    private Alert End(Alert alert, AlertChange how)
    {
        var over = alert with { Until = core.Now, IsDismissed = how is AlertChange.Dismissed };
        var past = _past.Insert(0, over);
        Volatile.Write(ref _past, past.Count > SalesAlerts.MostPast ? past.RemoveAt(past.Count - 1) : past);
        Active.Remove(alert.Id, how);
        _told.OnNext(over);
        return over;
    }

    // Without an alert it was dismissed.
    private sealed record Entry(Alert? Alert, DateTimeOffset SeenAt, TimeSpan Calm);
}
