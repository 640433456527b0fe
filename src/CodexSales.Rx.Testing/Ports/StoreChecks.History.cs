using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Testing.Ports;

// History, and lost slots.
internal sealed partial class StoreChecks
{
    private async Task PagesHistoryAsync(ISalesStore store)
    {
        await SaveAsync(store, [.. new long[] { 6, 2, 9, 4, 8 }.Select(number => _some.Closing(number))]).ConfigureAwait(false);
        store = restart(store);
        foreach (var (before, count, expected) in new (long, int, long[])[]
        {
            (long.MaxValue, 3, [9, 8, 6]), (6, 3, [4, 2]), (7, 1, [6]), (2, 10, []),
        })
        {
            var page = await PageAsync(store, before, count).ConfigureAwait(false);
            Compare(
                PortRule.PagesHistory, [.. page.Select(past => past.Sale.Number)], expected, $"{ReadHistory}({before}, {count})");
        }
    }

    private async Task ForgetsTheOldestFirstAsync(ISalesStore store)
    {
        await SaveAsync(store, _some.Closing(2), _some.Closing(4), _some.Closing(6)).ConfigureAwait(false);
        await SaveAsync(store, _some.Closing(1), _some.Closing(5), _some.Closing(5), new SaleSaved(_some.Sale(3)))
            .ConfigureAwait(false);
        var (stored, history) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare<long>(PortRule.ForgetsTheOldestFirst, [.. history.Select(past => past.Sale.Number)], [6, 5, 4], ReadHistory);
        Compare<long>(PortRule.ForgetsTheOldestFirst, [.. stored.Sales.Select(sale => sale.Number)], [3], Read);
    }

    private async Task TellsLostSlotsAsync(ISalesStore store)
    {
        var (first, last) = (Lost(1, at: 100, endsAt: 200), Lost(3, at: 120, endsAt: ulong.MaxValue));
        await SaveAsync(
            store,
            first,
            Closing(2, SaleReason.Paid, at: 110, endsAt: 300),
            last,
            Lost(4, at: 130, endsAt: 159),
            new SaleSaved(Closing(5, SaleReason.Paid, at: 160, endsAt: 300).Sale.Sale)).ConfigureAwait(false);
        store = restart(store);
        await ExpectLostAsync(store, LostOf(first), LostOf(last)).ConfigureAwait(false);
        await SaveAsync(store, Closing(6, SaleReason.Paid, at: 1UL << 63, endsAt: ulong.MaxValue)).ConfigureAwait(false);
        await ExpectLostAsync(restart(store), LostOf(last)).ConfigureAwait(false);
    }

    private async Task TellsALostSlotOnceAsync(ISalesStore store)
    {
        var lost = Lost(1, at: 100, endsAt: 200);
        var again = lost with { Sale = lost.Sale with { Sale = lost.Sale.Sale with { Number = 2 } } };
        await SaveAsync(store, lost, again).ConfigureAwait(false);
        await ExpectLostAsync(restart(store), LostOf(lost)).ConfigureAwait(false);
    }

    private async Task ExpectLostAsync(ISalesStore store, params LostSlot[] lost)
    {
        var (stored, _) = await LoadAsync(store).ConfigureAwait(false);
        check.Expect(
            stored.LostSlots.Count == lost.Length && stored.LostSlots.ToHashSet().SetEquals(lost),
            PortRule.TellsLostSlots,
            Read,
            $"{stored.LostSlots.Count} slots are lost in place of {lost.Length}");
    }

    private SaleClosed Lost(long number, ulong at, ulong endsAt) => Closing(number, SaleReason.ForcedOut, at, endsAt);

    private SaleClosed Closing(long number, SaleReason reason, ulong at, ulong endsAt)
    {
        var closing = _some.Closing(number);
        var (sale, end) = closing.Sale;
        sale = sale with { At = new(at), Terms = sale.Terms with { EndsAt = new(endsAt) } };
        return closing with { Sale = new PastSale(sale, end with { Reason = reason }) };
    }

    private static LostSlot LostOf(SaleClosed closing) => new(closing.Sale.Sale.Slot, closing.Sale.Sale.Terms.EndsAt);
}
