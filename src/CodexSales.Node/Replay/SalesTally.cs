using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>Counts what becomes of sales.</summary>
internal sealed class SalesTally
{
    // The sales that go on, and whether this host fills their slots.
    private readonly Dictionary<long, bool> _going = [];
    private readonly Dictionary<SaleStateName, long> _ended = [];

    public long Started { get; private set; }

    public long Filled { get; private set; }

    public long Finished => CountOf(SaleStateName.SaleFinished);

    public long Cancelled => CountOf(SaleStateName.SaleCancelled);

    public long Failed => CountOf(SaleStateName.SaleFailed);

    public long Ignored => CountOf(SaleStateName.SaleIgnored);

    public long Errored => _ended.Values.Sum() - Finished - Cancelled - Failed - Ignored;

    /// <summary>The number of sales that go on.</summary>
    public int Going => _going.Count;

    /// <summary>The number of those that have filled their slot.</summary>
    public int Hosted => _going.Values.Count(isHosted => isHosted);

    /// <summary>The most acquisitions that there were at once.</summary>
    public int MostAcquisitions { get; private set; }

    /// <summary>All that was paid for hosting, in the token's smallest unit.</summary>
    public UInt256 Earned { get; private set; }

    public void SeeBusyWorkers(int count) => MostAcquisitions = Math.Max(MostAcquisitions, count);

    public void Add(SaleStep step)
    {
        if (!_going.TryGetValue(step.Sale.Number, out var isHosted))
        {
            _going.Add(step.Sale.Number, false);
            Started++;
        }

        if (step.State == SaleStateName.SaleProving && !isHosted)
        {
            _going[step.Sale.Number] = true;
            Filled++;
        }

        if (step.End is { } end)
        {
            _going.Remove(step.Sale.Number);
            Earned += end.Earned;
            _ended[step.State] = CountOf(step.State) + 1;
        }
    }

    private long CountOf(SaleStateName end) => _ended.GetValueOrDefault(end);
}
