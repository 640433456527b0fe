using CodexSales.Rx.Ports.Store;

namespace CodexSales.Rx.Testing.Ports;

internal sealed partial class StoreChecks(PortCheck check, Func<int, ISalesStore> begin, Func<ISalesStore, ISalesStore> restart)
{
    private const int WholeHistory = 1_000;
    private const string Save = "SaveAsync";
    private const string Read = "Load";
    private const string ReadHistory = "ReadHistoryAsync";

    private static readonly AvailabilityId _disk = new("disk 1");
    private static readonly AvailabilityId _tape = new("tape");

    private readonly SomeChanges _some = new(seed: 1);

    public async Task RunAsync()
    {
        foreach (var rule in new Func<ISalesStore, Task>[]
        {
            BeginsEmptyAsync, RemembersEveryFieldAsync, KeepsTheOrderAsync, TellsNamesApartAsync, LetsGoAsync,
            MakesChangesInOrderAsync, ClosesOnceAsync, MakesAllOrNoneAsync, CountsTotalsAsync, KnowsTheLastNumberAsync,
            PagesHistoryAsync, TellsLostSlotsAsync, TellsALostSlotOnceAsync,
        })
        {
            await RunAsync(WholeHistory, rule).ConfigureAwait(false);
        }

        await RunAsync(3, ForgetsTheOldestFirstAsync).ConfigureAwait(false);
        await RunAsync(1, KnowsTheLastNumberAsync).ConfigureAwait(false);
    }

    private Task RunAsync(int historyCapacity, Func<ISalesStore, Task> rule) =>
        PortCheck.StepAsync(() => rule(begin(historyCapacity)));

    private async Task BeginsEmptyAsync(ISalesStore store)
    {
        await SaveAsync(store).ConfigureAwait(false);
        var (stored, history) = await LoadAsync(restart(store)).ConfigureAwait(false);
        check.Expect(
            stored.Availabilities.Count + stored.Sales.Count + stored.Totals.Count + stored.LostSlots.Count + history.Count == 0
                && stored.LastNumber == 0,
            PortRule.BeginsEmpty,
            Read,
            "there is something in a store to which nothing was written");
    }

    private async Task RemembersEveryFieldAsync(ISalesStore store)
    {
        var availabilities = Enumerable.Range(1, 50).Select(n => _some.Availability(new($"{n}"))).ToList();
        var sales = Enumerable.Range(1, 200).Select(n => _some.Sale(n)).ToList();
        var closings = Enumerable.Range(201, 200).Select(n => _some.Closing(n)).ToList();
        await SaveAsync(
            store,
            [
                .. availabilities.Select(availability => new AvailabilitySaved(availability)),
                .. sales.Select(sale => new SaleSaved(sale)),
                .. closings,
            ]).ConfigureAwait(false);
        var past = closings.Select(closing => closing.Sale).Reverse().ToList();
        var before = await LoadAsync(store).ConfigureAwait(false);
        Compare(PortRule.RemembersEveryField, before.Stored.Availabilities, availabilities, Read);
        Compare(PortRule.RemembersEveryField, Sorted(before.Stored.Sales), sales, Read);
        Compare(PortRule.RemembersEveryField, before.History, past, ReadHistory);

        var after = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.OutlivesARestart, after.Stored.Availabilities, before.Stored.Availabilities, Read);
        Compare(PortRule.OutlivesARestart, Sorted(after.Stored.Sales), Sorted(before.Stored.Sales), Read);
        Compare(PortRule.OutlivesARestart, Sorted(after.Stored.Totals), Sorted(before.Stored.Totals), Read);
        Compare(PortRule.OutlivesARestart, after.History, before.History, ReadHistory);
    }

    private async Task KeepsTheOrderAsync(ISalesStore store)
    {
        var (disk, tape, other) = (_some.Availability(_disk), _some.Availability(_tape), _some.Availability(new("a")));
        var changed = _some.Availability(_disk);
        await SaveAsync(store, Saved(disk), Saved(tape), Saved(other), Saved(changed)).ConfigureAwait(false);
        var (stored, _) = await LoadAsync(store = restart(store)).ConfigureAwait(false);
        Compare(PortRule.KeepsTheOrder, stored.Availabilities, [changed, tape, other], Read);

        await SaveAsync(store, new AvailabilityRemoved(_disk), Saved(disk)).ConfigureAwait(false);
        (stored, _) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.KeepsTheOrder, stored.Availabilities, [tape, other, disk], Read);
    }

    private async Task TellsNamesApartAsync(ISalesStore store)
    {
        var (lower, upper) = (_some.Availability(new("disk")), _some.Availability(new("DISK")));
        await SaveAsync(store, Saved(lower), Saved(upper), new AvailabilityRemoved(new("Disk"))).ConfigureAwait(false);
        var (stored, _) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.RemembersEveryField, stored.Availabilities, [lower, upper], Read);
    }

    private async Task LetsGoAsync(ISalesStore store)
    {
        var (disk, closing) = (_some.Availability(_disk), _some.Closing(5));
        await SaveAsync(
            store, Saved(disk), Saved(_some.Availability(_tape)), new AvailabilityRemoved(_tape), new SaleSaved(_some.Sale(4)),
            _some.Closing(4), closing).ConfigureAwait(false);
        await SaveAsync(store, new AvailabilityRemoved(_tape)).ConfigureAwait(false);
        var (stored, _) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.LetsGoOfWhatIsOver, stored.Availabilities, [disk], Read);
        Compare(PortRule.LetsGoOfWhatIsOver, stored.Sales, [], Read);
    }

    private async Task MakesChangesInOrderAsync(ISalesStore store)
    {
        var (step, other, closing) = (_some.Sale(7), _some.Sale(3), _some.Closing(1));
        await SaveAsync(store, new SaleSaved(_some.Sale(7)), new SaleSaved(other)).ConfigureAwait(false);
        await SaveAsync(
            store, new SaleSaved(_some.Sale(1)), new SaleSaved(_some.Sale(7)), closing, new SaleSaved(step)).ConfigureAwait(false);
        var (stored, history) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.MakesChangesInOrder, Sorted(stored.Sales), [other, step], Read);
        Compare(PortRule.MakesChangesInOrder, history, [closing.Sale], ReadHistory);
    }

    private async Task ClosesOnceAsync(ISalesStore store)
    {
        var closing = _some.Closing(1);
        await SaveAsync(store, closing).ConfigureAwait(false);
        await SaveAsync(store, closing).ConfigureAwait(false);
        var (_, history) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.PagesHistory, history, [closing.Sale], ReadHistory);
    }

    private async Task MakesAllOrNoneAsync(ISalesStore store)
    {
        var sales = Enumerable.Range(1, 100).Select(n => _some.Sale(n)).ToList();
        await check.CancelAsync(Save, ct => store.SaveAsync([.. sales.Select(sale => new SaleSaved(sale))], ct))
            .ConfigureAwait(false);
        var (stored, _) = await LoadAsync(restart(store)).ConfigureAwait(false);
        check.Expect(
            stored.Sales.Count is 0 || Sorted(stored.Sales).SequenceEqual(sales),
            PortRule.MakesAllOrNone,
            Save,
            $"{stored.Sales.Count} of 100 changes are made by a call that was cancelled");
    }

    private async Task CountsTotalsAsync(ISalesStore store)
    {
        SoldTotals Of(AvailabilityId? id) => _some.Totals() with { AvailabilityId = id };
        var (disk, tape, none) = (Of(_disk), Of(_tape), Of(null));
        await SaveAsync(
            store,
            Saved(_some.Availability(_disk)),
            new SaleClosed(_some.PastSale(1), Of(_disk)),
            new SaleClosed(_some.PastSale(2), Of(null)),
            new SaleClosed(_some.PastSale(3), none),
            new SaleClosed(_some.PastSale(4), tape),
            new SaleClosed(_some.PastSale(5), disk),
            new AvailabilityRemoved(_disk)).ConfigureAwait(false);
        var (stored, _) = await LoadAsync(restart(store)).ConfigureAwait(false);
        Compare(PortRule.CountsTotals, Sorted(stored.Totals), Sorted([disk, tape, none]), Read);
    }

    private async Task KnowsTheLastNumberAsync(ISalesStore store)
    {
        await SaveAsync(store, new SaleSaved(_some.Sale(41)), new SaleSaved(_some.Sale(42))).ConfigureAwait(false);
        await SaveAsync(store, _some.Closing(42)).ConfigureAwait(false);
        await SaveAsync(store, _some.Closing(41)).ConfigureAwait(false);
        var (stored, _) = await LoadAsync(restart(store)).ConfigureAwait(false);
        check.Expect(
            stored.LastNumber == 42, PortRule.KnowsTheLastNumber, Read, $"the last number is {stored.LastNumber}, and 42 is over");
    }

    private async Task SaveAsync(ISalesStore store, params StoreChange[] changes) =>
        await check.DoAsync(Save, ct => store.SaveAsync(changes, ct)).ConfigureAwait(false);

    private async Task<(StoredSales Stored, IReadOnlyList<PastSale> History)> LoadAsync(ISalesStore store)
    {
        var stored = await check.AskAsync(Read, _ => Task.FromResult(store.Load())).ConfigureAwait(false);
        return (stored, await PageAsync(store, long.MaxValue, 1_000_000).ConfigureAwait(false));
    }

    private Task<IReadOnlyList<PastSale>> PageAsync(ISalesStore store, long before, int count) =>
        check.AskAsync(ReadHistory, ct => store.ReadHistoryAsync(before, count, ct));

    private void Compare<T>(PortRule rule, IReadOnlyList<T> told, IReadOnlyList<T> saved, string call)
    {
        var different = told.Zip(saved).Select((pair, at) => (pair, at))
            .FirstOrDefault(item => !EqualityComparer<T>.Default.Equals(item.pair.First, item.pair.Second), (default, -1));
        check.Expect(
            told.Count == saved.Count && different.Item2 < 0,
            rule,
            call,
            told.Count != saved.Count
                ? $"{told.Count} of {typeof(T).Name} are told in place of {saved.Count}"
                : $"told is {different.Item1.First} in place of {different.Item1.Second}");
    }

    private static List<SaleRecord> Sorted(IEnumerable<SaleRecord> sales) => [.. sales.OrderBy(sale => sale.Number)];

    private static List<SoldTotals> Sorted(IEnumerable<SoldTotals> totals) =>
        [.. totals.OrderBy(total => total.AvailabilityId?.ToString(), StringComparer.Ordinal)];

    private static AvailabilitySaved Saved(StoredAvailability availability) => new(availability);
}
