using System.Reactive.Linq;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Storage;

namespace CodexSales.Rx.Selling;

/// <summary>The last stage: whatever a sale came to, afterwards nothing of it is left.</summary>
internal static class CleanUpOperators
{
    /// <summary>
    /// Deletes the data of each sale that ended, until storage has confirmed that; then gives back what the sale held.
    /// Notifies of the sale once that is done.
    /// </summary>
    /// <remarks>Space that still has data in it is never sold again.</remarks>
    public static IObservable<SaleEnded> CleanUp(
        this IObservable<SaleEnded> ended, ISlotStorage storage, AvailabilityLedger ledger, Retry retry) =>
        ended.SelectMany(sale =>
            (sale.HasData
                ? retry.UntilDone(ct => storage.ClearAsync(sale.Sale.Slot, ct)).Select(_ => sale)
                : Observable.Return(sale))
            .Do(_ =>
            {
                if (sale.Hold is { } hold)
                {
                    ledger.Release(hold);
                }
            }));
}
