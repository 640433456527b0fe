namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Since when things are so. One that is not asked about at a look begins anew.</summary>
internal sealed class Persistence
{
    private Dictionary<string, DateTimeOffset> _before = [];
    private Dictionary<string, DateTimeOffset> _now = [];

    /// <summary>A look is over.</summary>
    public void Next() => (_before, _now) = (_now, []);

    /// <summary>Notes that something is so, and gives for how long.</summary>
    public TimeSpan Note(string what, DateTimeOffset now) =>
        now - (_now[what] = _before.TryGetValue(what, out var since) ? since : now);
}
