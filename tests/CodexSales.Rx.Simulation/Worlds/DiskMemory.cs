using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Simulation.Checks;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>What is on a disk, kept up with each write, and what must never happen to a disk.</summary>
internal sealed class DiskMemory
{
    private readonly Dictionary<long, SaleRecord> _running = [];
    private readonly Dictionary<long, PastSale> _past = [];
    private readonly Dictionary<AvailabilityId, StoredAvailability> _availabilities = [];

    private readonly Verdict _verdict;

    public DiskMemory(SimulatedStore store, Verdict verdict)
    {
        _verdict = verdict;
        store.Written.Subscribe(Note);
    }

    /// <summary>
    /// The sales during whose fill the program died: whether the slot was ours for a while, nobody may know.
    /// </summary>
    public HashSet<long> LeftInFilling { get; } = [];

    /// <summary>The sales of whose payouts this life of the program was told.</summary>
    public HashSet<long> Heard { get; } = [];

    /// <summary>The sales that were closed without that: nobody knows how much of the collateral came back.</summary>
    public HashSet<long> Unheard { get; } = [];

    public IReadOnlyDictionary<long, SaleRecord> Running => _running;

    public IReadOnlyDictionary<long, PastSale> Past => _past;

    public IReadOnlyDictionary<AvailabilityId, StoredAvailability> Availabilities => _availabilities;

    /// <summary>The program dies: what only it knew is lost.</summary>
    public void LoseWhatIsNotWritten()
    {
        Heard.Clear();
        LeftInFilling.UnionWith(_running
            .Where(sale => sale.Value.State is SaleStateName.SaleFilling or SaleStateName.SaleFilled)
            .Select(sale => sale.Key));
    }

    private void Note(StoreChange change)
    {
        switch (change)
        {
            case AvailabilitySaved saved:
                _availabilities[saved.Availability.Availability.Id] = saved.Availability;
                break;
            case AvailabilityRemoved removed:
                _availabilities.Remove(removed.Id);
                break;
            case SaleSaved { Sale: var sale }:
                Note(sale);
                break;
            case SaleClosed { Sale: var past }:
                Note(past);
                break;
        }
    }

    private void Note(SaleRecord sale)
    {
        if (_running.TryGetValue(sale.Number, out var before) && before.Slot != sale.Slot)
        {
            _verdict.Break("numbers", $"Number {sale.Number} is used for two slots.");
        }

        // A batch that was not confirmed is written again, and perhaps with more: its sale may be closed by now.
        if (!_past.ContainsKey(sale.Number))
        {
            _running[sale.Number] = sale;
            NoteEnd(sale.Number, isNew: sale.End is not null && before?.End is null);
        }
    }

    private void Note(PastSale past)
    {
        if (_past.TryGetValue(past.Sale.Number, out var other)
            && (other.Sale.Slot, other.End) != (past.Sale.Slot, past.End))
        {
            _verdict.Break("ends once", $"Sale {past.Sale.Number} is closed twice, and not in the same way.");
        }

        _running.Remove(past.Sale.Number, out var before);
        NoteEnd(past.Sale.Number, isNew: before?.End is null && !_past.ContainsKey(past.Sale.Number));
        _past[past.Sale.Number] = past;
    }

    // What was heard of is in the first that is written of the end; what the next life writes once more is the same.
    private void NoteEnd(long number, bool isNew)
    {
        if (isNew && !Heard.Contains(number))
        {
            Unheard.Add(number);
        }
    }
}
