using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Raises and ends alerts: by what happens, and by a look every <see cref="Interval"/>. Lives on the core.</summary>
/// <param name="limits">When the operator is told of something.</param>
/// <param name="book">Where alerts are kept.</param>
/// <param name="core">Where everything is decided and time passes.</param>
internal sealed class AlertWatch(AlertLimits limits, AlertBook book, IScheduler core) : IDisposable
{
    /// <summary>How often it is looked whether something goes on.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly MachineRules _machine = new(limits);
    private readonly ChainRules _chain = new(limits);
    private readonly MoneyRules _money = new(limits);
    private readonly SellingRules _selling = new(limits);
    private readonly TransactionRules _transactions = new(limits);
    private readonly SlotRules _slots = new(book);
    private readonly CompositeDisposable _subscriptions = [];

    /// <summary>Begins to watch.</summary>
    /// <param name="steps">Each step of each sale, of whatever pipeline.</param>
    /// <param name="notices">What happens to transactions, for each market another stream.</param>
    /// <param name="look">What is to be seen now; null when there is nothing.</param>
    public void Start(IObservable<SaleStep> steps, IObservable<IObservable<TransactionNotice>> notices, Func<HostView?> look)
    {
        _subscriptions.Add(steps.ProofsMissed().Subscribe(_slots.NoteMissedProof));
        _subscriptions.Add(steps.Ended().Subscribe(_slots.NoteEnd));
        _subscriptions.Add(steps.Hosted().Subscribe(NoteHosted));
        _subscriptions.Add(notices.Do(_ => _transactions.Clear()).Switch().Subscribe(_transactions.Note));
        _subscriptions.Add(Observable.Interval(Interval, core).Subscribe(_ => Look(look())));
    }

    /// <inheritdoc/>
    public void Dispose() => _subscriptions.Dispose();

    private void NoteHosted(SaleStep step)
    {
        _money.NoteCollateral(core.Now, step.Sale.Terms.Collateral);
        _selling.NoteSold();
    }

    private void Look(HostView? view)
    {
        if (view is not null)
        {
            book.See([.. _machine.Look(view), .. _chain.Look(view), .. _money.Look(view), .. _selling.Look(view), .. _transactions.Look(view)]);
        }
    }
}
