using CodexSales.Rx.Domain;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Contracts.Storing;

/// <summary>What every store of sales must do. A store's tests inherit it.</summary>
public abstract class SalesStoreContract
{
    private static readonly AvailabilityId _disk = new("disk 1");
    private static readonly AvailabilityId _tape = new("tape");

    private readonly SomeChanges _some = new(seed: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A store that was never written to.</summary>
    protected abstract ISalesStore Begin(int historyCapacity = 1_000);

    /// <summary>The same store after a restart of the process, for those that live on; otherwise itself.</summary>
    protected abstract ISalesStore Restart(ISalesStore store);

    [Fact]
    public async Task A_new_store_is_empty()
    {
        var store = Restart(Begin());

        Assert.Equivalent(StoredSales.Empty, store.Load(), strict: true);
        Assert.Empty(await HistoryAsync(store));
    }

    [Fact]
    public async Task Nothing_to_save_changes_nothing()
    {
        var store = Begin();

        await SaveAsync(store);

        Assert.Equivalent(StoredSales.Empty, Restart(store).Load(), strict: true);
    }

    [Fact]
    public async Task Every_field_comes_back_as_it_was_saved()
    {
        var store = Begin();
        var availabilities = Enumerable.Range(1, 50).Select(n => _some.Availability(new($"{n}"))).ToList();
        var sales = Enumerable.Range(1, 200).Select(n => _some.Sale(n)).ToList();
        var closings = Enumerable.Range(201, 200).Select(n => _some.Closing(n)).ToList();

        await store.SaveAsync(
            [
                .. availabilities.Select(availability => new AvailabilitySaved(availability)),
                .. sales.Select(sale => new SaleSaved(sale)),
                .. closings,
            ],
            Cancellation);

        store = Restart(store);
        var stored = store.Load();
        Assert.Equal(availabilities, stored.Availabilities);
        Assert.Equal(sales, stored.Sales);
        Assert.Equal(closings.Select(closing => closing.Sale).Reverse(), await HistoryAsync(store));
        Assert.Equal(
            closings.GroupBy(closing => closing.Totals.AvailabilityId).Select(group => group.Last().Totals).ToHashSet(),
            stored.Totals.ToHashSet());
    }

    [Fact]
    public async Task Availabilities_keep_the_order_in_which_they_were_added()
    {
        var store = Begin();
        var (disk, tape, other) = (_some.Availability(_disk), _some.Availability(_tape), _some.Availability(new("a")));
        var changed = _some.Availability(_disk);

        await SaveAsync(store, Saved(disk), Saved(tape), Saved(other), Saved(changed));

        Assert.Equal([changed, tape, other], Restart(store).Load().Availabilities);
    }

    [Fact]
    public async Task An_availability_that_was_removed_and_added_again_is_the_last_one()
    {
        var store = Begin();
        var (disk, tape) = (_some.Availability(_disk), _some.Availability(_tape));

        await SaveAsync(store, Saved(disk), Saved(tape), new AvailabilityRemoved(_disk), Saved(disk));

        Assert.Equal([tape, disk], Restart(store).Load().Availabilities);
    }

    [Fact]
    public async Task Names_that_differ_in_case_are_two_names()
    {
        var store = Begin();
        var (lower, upper) = (_some.Availability(new("disk")), _some.Availability(new("DISK")));

        await SaveAsync(store, Saved(lower), Saved(upper), new AvailabilityRemoved(new("Disk")));

        Assert.Equal([lower, upper], Restart(store).Load().Availabilities);
    }

    [Fact]
    public async Task What_is_removed_may_be_gone_already()
    {
        var store = Begin();
        var disk = _some.Availability(_disk);
        await SaveAsync(store, Saved(disk), Saved(_some.Availability(_tape)), new AvailabilityRemoved(_tape));

        await SaveAsync(store, new AvailabilityRemoved(_tape));

        Assert.Equal([disk], Restart(store).Load().Availabilities);
    }

    [Fact]
    public async Task A_step_replaces_the_one_before()
    {
        var store = Begin();
        var (first, other, second) = (_some.Sale(7), _some.Sale(3), _some.Sale(7));
        await SaveAsync(store, new SaleSaved(first), new SaleSaved(other));

        await SaveAsync(store, new SaleSaved(second));

        Assert.Equal([other, second], Restart(store).Load().Sales);
    }

    [Fact]
    public async Task Changes_of_a_batch_are_made_in_their_order()
    {
        var store = Begin();
        var (step, closing) = (_some.Sale(1), _some.Closing(1));

        await SaveAsync(
            store, new SaleSaved(_some.Sale(1)), new SaleSaved(step), closing, new SaleSaved(_some.Sale(2)));

        store = Restart(store);
        Assert.Equal([2L], store.Load().Sales.Select(sale => sale.Number));
        Assert.Equal([closing.Sale], await HistoryAsync(store));
    }

    [Fact]
    public async Task A_sale_that_is_closed_twice_is_over_once()
    {
        var store = Begin();
        var closing = _some.Closing(1);
        await SaveAsync(store, closing);

        await SaveAsync(store, closing);

        Assert.Equal([closing.Sale], await HistoryAsync(Restart(store)));
    }

    [Fact]
    public async Task A_sale_may_be_closed_that_was_never_saved_while_it_ran()
    {
        var store = Begin();
        var closing = _some.Closing(5);

        await SaveAsync(store, closing);

        store = Restart(store);
        Assert.Equal((0, 5L), (store.Load().Sales.Count, store.Load().LastNumber));
        Assert.Equal([closing.Sale], await HistoryAsync(store));
    }

    [Fact]
    public async Task Totals_are_those_that_came_last_for_each_availability_and_for_none()
    {
        var store = Begin();
        SoldTotals Of(AvailabilityId? id) => _some.Totals() with { AvailabilityId = id };
        var (disk, tape, none) = (Of(_disk), Of(_tape), Of(null));

        await SaveAsync(
            store,
            new SaleClosed(_some.PastSale(1), Of(_disk)),
            new SaleClosed(_some.PastSale(2), Of(null)),
            new SaleClosed(_some.PastSale(3), none),
            new SaleClosed(_some.PastSale(4), tape),
            new SaleClosed(_some.PastSale(5), disk));

        Assert.Equal(new HashSet<SoldTotals> { disk, tape, none }, Restart(store).Load().Totals.ToHashSet());
    }

    [Fact]
    public async Task Totals_outlive_the_availability()
    {
        var store = Begin();
        var totals = _some.Totals() with { AvailabilityId = _disk };
        await SaveAsync(store, Saved(_some.Availability(_disk)), new SaleClosed(_some.PastSale(1), totals));

        await SaveAsync(store, new AvailabilityRemoved(_disk));

        Assert.Equal([totals], Restart(store).Load().Totals);
    }

    [Theory]
    [InlineData(long.MaxValue, 3, new long[] { 9, 8, 6 })]
    [InlineData(6, 3, new long[] { 4, 2 })]
    [InlineData(7, 1, new long[] { 6 })]
    [InlineData(2, 10, new long[0])]
    public async Task History_is_read_from_the_newest_in_pages(long before, int count, long[] expected)
    {
        var store = Begin();
        await store.SaveAsync([.. new long[] { 6, 2, 9, 4, 8 }.Select(number => _some.Closing(number))], Cancellation);

        var page = await Restart(store).ReadHistoryAsync(before, count, Cancellation);

        Assert.Equal(expected, page.Select(past => past.Sale.Number));
    }

    [Fact]
    public async Task The_oldest_sales_are_forgotten_when_there_are_too_many()
    {
        var store = Begin(historyCapacity: 3);
        await SaveAsync(store, _some.Closing(2), _some.Closing(4), _some.Closing(6));

        await SaveAsync(store, _some.Closing(1), _some.Closing(5), _some.Closing(5), new SaleSaved(_some.Sale(3)));

        store = Restart(store);
        Assert.Equal([6, 5, 4], (await HistoryAsync(store)).Select(past => past.Sale.Number));
        Assert.Equal([3], store.Load().Sales.Select(sale => sale.Number));
    }

    [Fact]
    public async Task The_last_number_is_known_after_every_sale_is_over()
    {
        var store = Begin(historyCapacity: 1);
        await SaveAsync(store, new SaleSaved(_some.Sale(41)), new SaleSaved(_some.Sale(42)));
        await SaveAsync(store, _some.Closing(42));

        await SaveAsync(store, _some.Closing(41));

        var stored = Restart(store).Load();
        Assert.Equal((42L, 0), (stored.LastNumber, stored.Sales.Count));
    }

    [Fact]
    public async Task Slots_that_were_lost_are_told_until_their_requests_have_ended()
    {
        var store = Begin();
        var (first, last) = (Lost(1, at: 100, endsAt: 200), Lost(3, at: 120, endsAt: ulong.MaxValue));
        await SaveAsync(
            store,
            first,
            Closing(2, SaleReason.Paid, at: 110, endsAt: 300),
            last,
            Lost(4, at: 130, endsAt: 159),
            new SaleSaved(Closing(5, SaleReason.Paid, at: 160, endsAt: 300).Sale.Sale));
        store = Restart(store);
        Assert.Equal(new HashSet<LostSlot> { LostOf(first), LostOf(last) }, store.Load().LostSlots.ToHashSet());

        await SaveAsync(store, Closing(6, SaleReason.Paid, at: 1UL << 63, endsAt: ulong.MaxValue));
        Assert.Equal([LostOf(last)], Restart(store).Load().LostSlots);
    }

    [Fact]
    public async Task A_slot_that_was_lost_twice_is_told_once()
    {
        var store = Begin();
        var lost = Lost(1, at: 100, endsAt: 200);

        await SaveAsync(store, lost, lost with { Sale = lost.Sale with { Sale = lost.Sale.Sale with { Number = 2 } } });

        Assert.Equal([LostOf(lost)], Restart(store).Load().LostSlots);
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

    private static AvailabilitySaved Saved(StoredAvailability availability) => new(availability);

    private static Task SaveAsync(ISalesStore store, params StoreChange[] changes) =>
        store.SaveAsync(changes, Cancellation);

    private static Task<IReadOnlyList<PastSale>> HistoryAsync(ISalesStore store) =>
        store.ReadHistoryAsync(long.MaxValue, 1_000_000, Cancellation);
}
