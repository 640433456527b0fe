using System.Reactive;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Persistence;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Selling;

/// <summary>The last stage: afterwards nothing of a sale is left, however it ended.</summary>
internal static class CleanUpOperators
{
    /// <summary>Deletes the data of each sale that ended, until storage has confirmed that; then closes the books on
    /// it, which gives back what it held. Notifies of the sale once that is stored.</summary>
    /// <remarks>The end is written down before data is deleted, so that no other process goes on with a sale whose data
    /// is gone. Space that still has data in it is never sold again.</remarks>
    public static IObservable<SaleEnded> CleanUp(
        this IObservable<SaleEnded> ended,
        ISlotStorage storage,
        AvailabilityLedger ledger,
        StoreWriter log,
        Func<UnixSeconds> now,
        Retry retry) =>
        from sale in ended
        let record = sale.RecordOf(now())
        from cleared in sale.Stake.HasData
            ? log.SaveThen(new SaleSaved(record with { End = EndOf(sale) }), () =>
                retry.UntilDone(HostPort.Storage, ct => storage.ClearAsync(sale.Sale.Slot, ct)))
            : Observable.Return(Unit.Default)
        from closed in ledger.Close(new PastSale(record, EndOf(sale)), sale.Stake.Hold)
        select sale;

    public static SaleEnd EndOf(SaleEnded sale) => new(sale.Reason, sale.Detail, sale.Earned, sale.CollateralLost);
}
