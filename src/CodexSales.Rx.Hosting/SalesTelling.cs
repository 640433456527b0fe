using CodexSales.Rx.Selling;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting;

/// <summary>Tells log and traces what happens to a host.</summary>
internal static class SalesTelling
{
    public static CompositeDisposable Begin(
        ISalesHost host, IObservable<SalesHostHealth> reports, SalesTraces traces, ILogger logger) =>
    [
        host.Steps.Where(step => step.End is null).Subscribe(step => SalesLog.Step(
            logger, step.Sale.Slot.SlotIndex, step.Sale.Slot.RequestId, step.State)),
        host.Steps.Subscribe(traces.Note),
        host.Steps.Hosted().Subscribe(step => SalesLog.Hosted(logger, step.Sale.Slot.SlotIndex, step.Sale.Slot.RequestId)),
        host.Steps.ProofsMissed().Subscribe(step => SalesLog.ProofMissed(
            logger, step.Sale.Slot.SlotIndex, step.Sale.Slot.RequestId, step.MissedProofs)),
        host.Ends.Subscribe(sale => SalesLog.Tell(logger, sale)),
        host.Refusals.Subscribe(refusal => SalesLog.Refused(
            logger, refusal.SlotIndex, refusal.RequestId, refusal.Reason, refusal.Detail)),
        host.Troubles.Subscribe(trouble => SalesLog.Trouble(logger, trouble.Error)),
        host.Recovered.Subscribe(sale => SalesLog.Recovered(
            logger, sale.Sale.Slot.SlotIndex, sale.Sale.Slot.RequestId, sale.Next)),
        host.Transactions.Subscribe(notice =>
        {
            traces.Note(notice);
            SalesLog.Transaction(logger, notice);
        }),
        reports.Subscribe(health => SalesLog.Health(
            logger, health.Problem is null ? LogLevel.Information : LogLevel.Warning, health.Sentence)),
    ];
}
