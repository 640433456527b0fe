using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>The lists of the host that pages follow.</summary>
internal sealed class LiveLists(ISalesHost host, TimeProvider time)
{
    public Live<QueuePicture> Queue { get; } = new LiveList<OpenSlot, SlotKey, QueueCause, QueuePicture>(
        gone => host.Queue.ConnectAsync(gone), QueuePicture.After, time);

    public Live<IReadOnlyList<SaleStep>> Sales { get; } = new LiveList<SaleStep, long, SaleStateName, IReadOnlyList<SaleStep>>(
        gone => host.Sales.ConnectAsync(gone), (_, _, sales) => [.. sales], time);

    public Live<IReadOnlyList<AvailabilityBalance>> Offers { get; } =
        new LiveList<AvailabilityBalance, AvailabilityId, LedgerCause, IReadOnlyList<AvailabilityBalance>>(
            gone => host.Availabilities.ConnectAsync(gone), (_, _, offers) => [.. offers], time);

    public Live<IReadOnlyList<Alert>> Alerts { get; } = new LiveList<Alert, long, AlertChange, IReadOnlyList<Alert>>(
        gone => host.Alerts.ConnectAsync(gone), (_, _, alerts) => [.. alerts], time);
}
