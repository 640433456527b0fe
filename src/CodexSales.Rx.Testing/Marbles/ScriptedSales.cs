using System.Reactive;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Lets sales go as their scripts say: when what answers the ports give to them.</summary>
internal sealed class ScriptedSales(MarbleSpec spec, VirtualTime time, ScriptedContract contract, SlotNames names)
    : IDisposable
{
    private readonly Dictionary<SlotKey, (SaleScript Script, DateTimeOffset StartedAt)> _running = [];
    private readonly Dictionary<SlotKey, int> _started = [];
    private readonly CompositeDisposable _timers = [];

    /// <summary>A sale starts now: its script begins.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Start(SlotKey slot)
    {
        var name = names.NameOf(slot);
        var number = _started.GetValueOrDefault(slot);
        _started[slot] = number + 1;
        if (FindScript(name) is not { } script || number >= script.Sales.Length)
        {
            _running.Remove(slot);
            return $"sale {number + 1} of {name} starts, but there is no script for it";
        }

        var sale = script.Sales[number];
        _running[slot] = (sale, time.Now);
        if (sale is { End: '|', EndsAt: { } end } && contract.Find(slot) is { } record)
        {
            record.FinishesAt = time.Now + (spec.Tick * end);
        }
        else if (sale is { End: 'X' or '#', EndsAt: { } lost } && (sale.End == 'X' || sale.FilledAt is not null))
        {
            _timers.Add(time.Schedule(spec.Tick * lost, () => Lose(slot, sale)));
        }

        return null;
    }

    /// <summary>When the market answers a sale that is prepared; null for at once.</summary>
    public DateTimeOffset? PreparedAt(SlotKey slot) =>
        Find(slot) is { Script: { End: 'I', EndsAt: { } end }, StartedAt: var start }
            ? start + (spec.Tick * end)
            : null;

    /// <summary>When this host's transaction that fills the slot lands; null for never.</summary>
    public DateTimeOffset? FilledAt(SlotKey slot) =>
        Find(slot) is { Script.FilledAt: { } filled, StartedAt: var start } ? start + (spec.Tick * filled) : null;

    /// <summary>Null when the slot's data is there at once; otherwise it is not, and may be an error in time.</summary>
    public IObservable<Unit>? FailsToStore(SlotKey slot) => Find(slot) switch
    {
        null or { Script.FilledAt: not null } => null,
        { Script: { End: '#', EndsAt: { } end }, StartedAt: var start } =>
            Observable.Throw<Unit>(new IOException("Storage fails, as the script says.")).DelaySubscription(
                start + (spec.Tick * end), time),
        _ => Observable.Never<Unit>(),
    };

    public void Dispose() => _timers.Dispose();

    // The script of a slot of its own comes before that of its request.
    private MarbleScript? FindScript(string slot) => spec.Scripts
        .Where(script => script.Place is null
            ? slot.StartsWith($"{script.Request}/", StringComparison.Ordinal)
            : slot == $"{script.Request}/{script.Place}")
        .OrderBy(script => script.Place is null)
        .FirstOrDefault();

    private (SaleScript Script, DateTimeOffset StartedAt)? Find(SlotKey slot) =>
        _running.TryGetValue(slot, out var sale) ? sale : null;

    private void Lose(SlotKey slot, SaleScript sale)
    {
        if (sale.End == 'X')
        {
            contract.Fill(slot, SlotHolder.Another);
        }
        else
        {
            contract.FreeFilled(slot);
        }
    }
}
