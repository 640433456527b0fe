using System.Reactive.Subjects;

namespace CodexSales.Rx.Selling;

/// <summary>The transactions of one sale that fill its slot. <c>SlotFilled</c> may come before the outcome, which is
/// awaited all the same: it alone proves that the fill was ours, if no node answers until the slot is lost.</summary>
internal sealed class FillsSent : IDisposable
{
    private readonly Subject<IObservable<TransactionOutcome>> _sent = new();

    /// <summary>The fills that have landed. Fills are sent only while somebody is subscribed.</summary>
    public IObservable<SaleEvent> Landed => _sent.Merge()
        .OfType<TransactionLanded>()
        .Select(landed => new FillLanded(landed.Block));

    public void Dispose() => _sent.Dispose();

    /// <summary>Sends one, and notifies of its outcome. Unsubscribing does not stop it.</summary>
    public IObservable<TransactionOutcome> Send(IObservable<TransactionOutcome> transaction) => Observable.Defer(() =>
    {
        var outcome = new AsyncSubject<TransactionOutcome>();
        _sent.OnNext(transaction.Do(outcome));
        return outcome;
    });
}
