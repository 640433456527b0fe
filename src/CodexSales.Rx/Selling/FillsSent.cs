using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Selling;

/// <summary>
/// The transactions of one sale that fill its slot. The chain may tell that the slot is filled before it tells the
/// transaction's outcome; that is heard all the same: nothing else says that the slot was ours, if nobody can be asked until
/// it is taken away.
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
