using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Persistence;

/// <summary>A store in memory: for tests, and for hosts that rely on the chain alone.</summary>
/// <remarks>Threading: every member may be used from any thread. History is bounded: the oldest sales are
/// forgotten.</remarks>
/// <param name="historyCapacity">How many past sales are remembered; at least 1.</param>
public sealed class MemorySalesStore(int historyCapacity = 10_000) : ISalesStore
{
    private readonly Lock _gate = new();
    private readonly OrderedDictionary<AvailabilityId, StoredAvailability> _availabilities = [];
    private readonly Dictionary<long, SaleRecord> _sales = [];
    private readonly SortedDictionary<long, PastSale> _history = [];
    private readonly Dictionary<AvailabilityId, SoldTotals> _totals = [];
    private long _lastNumber;

    /// <inheritdoc/>
    public StoredSales Load()
    {
        lock (_gate)
        {
            return new StoredSales(
                [.. _availabilities.Values], [.. _sales.Values.OrderBy(sale => sale.Number)], [.. _totals.Values], _lastNumber)
            {
                LostSlots = [.. FindLostSlots()],
            };
        }
    }

    /// <inheritdoc/>
    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_gate)
        {
            foreach (var change in changes)
            {
                Make(change);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<PastSale>>(
                [.. _history.Values.Reverse().SkipWhile(past => past.Sale.Number >= before).Take(count)]);
        }
    }

    private IEnumerable<LostSlot> FindLostSlots()
    {
        var last = _sales.Values.Concat(_history.Values.Select(past => past.Sale)).Select(sale => sale.At).DefaultIfEmpty().Max();
        return _history.Values
            .Where(past => past.End.Reason is SaleReason.ForcedOut && past.Sale.Terms.EndsAt >= last)
            .Select(past => new LostSlot(past.Sale.Slot, past.Sale.Terms.EndsAt))
            .Distinct();
    }

    private void Make(StoreChange change)
    {
        switch (change)
        {
            case AvailabilitySaved saved:
                _availabilities[saved.Availability.Availability.Id] = saved.Availability;
                break;
            case AvailabilityRemoved removed:
                _availabilities.Remove(removed.Id);
                break;
            case SaleSaved saved:
                _sales[saved.Sale.Number] = saved.Sale;
                _lastNumber = Math.Max(_lastNumber, saved.Sale.Number);
                break;
            case SaleClosed closed:
                _sales.Remove(closed.Sale.Sale.Number);
                _history[closed.Sale.Sale.Number] = closed.Sale;
                _totals[closed.Totals.AvailabilityId.GetValueOrDefault()] = closed.Totals;
                _lastNumber = Math.Max(_lastNumber, closed.Sale.Sale.Number);
                if (_history.Count > historyCapacity)
                {
                    _history.Remove(_history.First().Key);
                }

                break;
        }
    }
}
