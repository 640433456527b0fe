using System.Reactive.Subjects;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The transactions of one sale that fill its slot. The event may be told before the transaction's outcome is. The outcome is
/// waited for all the same: it is the only proof that the fill was ours, if no node can be asked until the slot is taken away.
/// </summary>
internal sealed class FillsSent : IDisposable
{
    private readonly Subject<IObservable<TransactionOutcome>> _sent = new();

    /// <summary>Those that have landed. They are sent only while somebody is subscribed.</summary>
    public IObservable<SaleEvent> Landed => _sent.Merge()
        .OfType<TransactionLanded>()
        .Select(landed => new FillLanded(landed.Block));

    /// <inheritdoc/>
    public void Dispose() => _sent.Dispose();

    /// <summary>Sends one, and notifies of its outcome. Whoever stops listening does not stop it.</summary>
    public IObservable<TransactionOutcome> Send(IObservable<TransactionOutcome> transaction) => Observable.Defer(() =>
    {
        var outcome = new AsyncSubject<TransactionOutcome>();
        _sent.OnNext(transaction.Do(outcome));
        return outcome;
    });
}
