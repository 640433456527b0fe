using CodexSales.Rx.Selling;

namespace CodexSales.Node.Replay;

/// <summary>Counts what becomes of sales.</summary>
internal sealed class SalesTally
{
    // The sales that go on, and whether this host fills their slots.
    private readonly Dictionary<long, bool> _going = [];

    /// <summary>How many sales began.</summary>
    public long Started { get; private set; }

    /// <summary>How many slots this host filled.</summary>
    public long Filled { get; private set; }

    /// <summary>How many sales were paid.</summary>
    public long Finished { get; private set; }

    /// <summary>How many ended because their request was not filled in time.</summary>
    public long Cancelled { get; private set; }

    /// <summary>How many ended because their request failed.</summary>
    public long Failed { get; private set; }

    /// <summary>How many ended without filling their slot, and without loss.</summary>
    public long Ignored { get; private set; }

    /// <summary>How many went wrong.</summary>
    public long Errored { get; private set; }

    /// <summary>How many go on.</summary>
    public int Going => _going.Count;

    /// <summary>How many of those that go on have filled their slot.</summary>
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
            CountEnd(step.State);
        }
    }

    private void CountEnd(SaleStateName state)
    {
        switch (state)
        {
            case SaleStateName.SaleFinished:
                Finished++;
                break;
            case SaleStateName.SaleCancelled:
                Cancelled++;
                break;
            case SaleStateName.SaleFailed:
                Failed++;
                break;
            case SaleStateName.SaleIgnored:
                Ignored++;
                break;
            default:
                Errored++;
                break;
        }
    }
}
