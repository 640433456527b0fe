using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Filtering;

/// <summary>The second stage: from which slots are open to which of them can be sold now.</summary>
internal static class FilteringOperators
{
    /// <summary>Passes on what concerns slots that some availability takes. Slots also come and go by themselves as
    /// availabilities change.</summary>
    public static IObservable<SlotGroupChanges> FilterByAvailability(
        this IObservable<SlotGroupChanges> open, AvailabilityFilter filter, IObservable<BalanceChange> balances) =>
        Observable.Merge(open.Select(filter.Apply), balances.Select(filter.Apply))
            .Where(change => change is not null)!;
}
