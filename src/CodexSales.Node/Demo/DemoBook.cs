using CodexSales.Node.Replay;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Demo;

/// <summary>The deeds of our host so far, as the table and the summary show them.</summary>
internal sealed class DemoBook(DemoMarket market) : IDisposable
{
    private readonly SortedDictionary<long, SaleStep> _acquiring = [];
    private readonly SortedDictionary<long, SaleStep> _hosted = [];
    private readonly SortedDictionary<SaleReason, int> _unsold = [];
    private readonly SortedDictionary<RefusalReason, int> _refused = [];
    private IDisposable _subscriptions = Disposable.Empty;
    private TimeSpan _timeAtWork;
    private TimeSpan _busySince;

    public SalesTally Sales { get; } = new();

    /// <summary>The sales that workers are at, oldest first.</summary>
    public IReadOnlyCollection<SaleStep> Acquiring => _acquiring.Values;

    public int BusyWorkers { get; private set; }

    /// <summary>The time for which workers were busy, summed over all of them.</summary>
    public TimeSpan TimeAtWork => _timeAtWork + ((market.Elapsed - _busySince) * BusyWorkers);

    /// <summary>The sales whose slots we host, oldest first.</summary>
    public IReadOnlyCollection<SaleStep> Hosted => _hosted.Values;

    /// <summary>The rewards of hosted slots, in the token's smallest unit.</summary>
    public UInt256 Expected => _hosted.Values.Aggregate(UInt256.Zero, (sum, step) => sum + step.Sale.Terms.Reward);

    /// <summary>The sales that ended without pay, by their reasons.</summary>
    public IReadOnlyDictionary<SaleReason, int> Unsold => _unsold;

    public IReadOnlyDictionary<RefusalReason, int> Refused => _refused;

    public int QueuePeak { get; private set; }

    public void Watch() => _subscriptions = new CompositeDisposable(
        market.Steps.Subscribe(Note),
        market.Pipeline.Queue.CountChanged.Subscribe(count => QueuePeak = Math.Max(QueuePeak, count)),
        market.Pipeline.Workers.Status.Subscribe(status => NoteBusyWorkers(status.Busy)),
        market.Pipeline.Refusals.Subscribe(refusal => Count(_refused, refusal.Reason)));

    public void Dispose() => _subscriptions.Dispose();

    private void NoteBusyWorkers(int count)
    {
        (_timeAtWork, _busySince, BusyWorkers) = (TimeAtWork, market.Elapsed, count);
        Sales.SeeBusyWorkers(count);
    }

    private void Note(SaleStep step)
    {
        Sales.Add(step);
        _hosted.Remove(step.Sale.Number);
        _acquiring.Remove(step.Sale.Number);
        if (step is { End: { } end, State: not SaleStateName.SaleFinished })
        {
            Count(_unsold, end.Reason);
        }
        else if (step is { End: null, State: SaleStateName.SaleProving or SaleStateName.SalePayout })
        {
            _hosted.Add(step.Sale.Number, step);
        }
        else if (step is { End: null, State: not (SaleStateName.SaleCancelled or SaleStateName.SaleFailed) })
        {
            _acquiring.Add(step.Sale.Number, step);
        }
    }

    private static void Count<T>(SortedDictionary<T, int> counts, T reason)
        where T : struct => counts[reason] = counts.GetValueOrDefault(reason) + 1;
}
