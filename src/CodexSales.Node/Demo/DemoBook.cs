using CodexSales.Node.Replay;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Demo;

/// <summary>What our host has done so far, as the table and the summary show it.</summary>
internal sealed class DemoBook(DemoMarket market) : IDisposable
{
    private readonly SortedDictionary<long, SaleStep> _acquiring = [];
    private readonly SortedDictionary<long, SaleStep> _hosted = [];
    private readonly SortedDictionary<SaleReason, int> _unsold = [];
    private readonly SortedDictionary<RefusalReason, int> _refused = [];
    private readonly CompositeDisposable _subscriptions = [];
    private TimeSpan _timeAtWork;
    private TimeSpan _busySince;

    /// <summary>What became of the sales.</summary>
    public SalesTally Sales { get; } = new();

    /// <summary>The sales that workers are at, oldest first.</summary>
    public IReadOnlyCollection<SaleStep> Acquiring => _acquiring.Values;

    /// <summary>How many workers are busy.</summary>
    public int BusyWorkers { get; private set; }

    /// <summary>How long workers were busy, all of them together.</summary>
    public TimeSpan TimeAtWork => _timeAtWork + ((market.Elapsed - _busySince) * BusyWorkers);

    /// <summary>The sales whose slots we host, oldest first.</summary>
    public IReadOnlyCollection<SaleStep> Hosted => _hosted.Values;

    /// <summary>What hosted slots will pay if nothing goes wrong, in the token's smallest unit.</summary>
    public UInt256 Expected => _hosted.Values.Aggregate(UInt256.Zero, (sum, step) => sum + step.Sale.Terms.Reward);

    /// <summary>Why sales ended without pay.</summary>
    public IReadOnlyDictionary<SaleReason, int> Unsold => _unsold;

    /// <summary>Why requests and slots were refused.</summary>
    public IReadOnlyDictionary<RefusalReason, int> Refused => _refused;

    /// <summary>The most slots that were queued at once.</summary>
    public int QueuePeak { get; private set; }

    /// <summary>Starts to watch.</summary>
    public void Watch()
    {
        var pipeline = market.Pipeline;
        _subscriptions.Add(market.Steps.Subscribe(Note));
        _subscriptions.Add(pipeline.Queue.CountChanged.Subscribe(count => QueuePeak = Math.Max(QueuePeak, count)));
        _subscriptions.Add(pipeline.Workers.Status.Subscribe(status => NoteBusyWorkers(status.Busy)));
        _subscriptions.Add(pipeline.Refusals.Subscribe(refusal => Count(_refused, refusal.Reason)));
    }

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
