using CodexSales.Rx.Resilience;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

/// <summary>Lets no new sale begin while money is being lost, while a port that it needs fails again and again, or when
/// it could not be proved in time.</summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class Caution(ToldBlocks told, ProverPace pace, PortWatch ports, SellingOptions options)
{
    // So many failures of a port in a row, and nothing new is begun that would need it.
    private const int MostFailuresInARow = 3;

    // One missed proof, of any slot, pauses everything new for so many periods; misses are not counted in a row.
    private const ulong PausePeriodsAfterMiss = 3;

    // The last step of each sale that runs, by its number.
    private readonly Dictionary<long, SaleStep> _sales = [];
    private readonly ProofLoad _hosted = new();
    private readonly ProofLoad _filled = new();
    private UnixSeconds? _missedAt;

    /// <summary>The number of slots that are hosted: proved, until their requests end.</summary>
    public int Hosted => _hosted.Slots;

    /// <summary>The number of proofs that these have missed in all.</summary>
    public int MissedProofs { get; private set; }

    /// <summary>True if one more slot can be proved beside those that are filled, or are about to be.</summary>
    public bool HasRoom => pace.ProofsPerPeriod is not { } most || _filled.MostProofs < Math.Max(1, most);

    public void Note(SaleStep step)
    {
        // The first step of a sale of the process before is no news.
        if (_sales.Remove(step.Sale.Number, out var before))
        {
            _missedAt = step.MissedProofs > before.MissedProofs ? told.Head.Time : _missedAt;
            Count(before, -1);
        }

        if (step.End is null)
        {
            _sales.Add(step.Sale.Number, step);
            Count(step, +1);
        }
    }

    /// <summary>The reason for which nothing new may begin; null when it may.</summary>
    /// <param name="busy">The number of slots that are being acquired.</param>
    public IdleReason? WhyNot(int busy) =>
        _missedAt is { } at && told.Head.Time.SecondsSince(at) <= PausePeriodsAfterMiss * told.PeriodSeconds
            ? IdleReason.ProofsAreMissed
        : IsFailing(HostPort.Transactions, busy) || IsFailing(HostPort.Storage, busy) || IsFailing(HostPort.Prover, busy)
            ? IdleReason.PortsFail
        : IsFull(busy) ? IdleReason.ProofsTakeTooLong
        : null;

    // A single slot is tried all the same: if one slow proof stopped everything, no later proof could show that the prover is fast
    // again. A proof that really takes longer than a period fills nothing. After a restart the first sale measures the prover.
    private bool IsFull(int busy) => pace.ProofsPerPeriod is { } most
        ? _hosted.MostProofs + busy >= Math.Max(1, most)
        : busy > 0 && Hosted > 0 && pace.SlowestProof is null;

    // One sale at a time finds out whether it works again, after a pause. A market or a store that fails holds up every sale
    // by itself.
    private bool IsFailing(HostPort port, int busy) => ports[port] is { Failures: >= MostFailuresInARow }
        && (busy > 0 || ports.SinceFailure(port) < options.SecondTryPause);

    private void Count(SaleStep step, int change)
    {
        var oneIn = step.Sale.Terms.Ask.ProofProbability;
        if (step.State is SaleStateName.SaleProving)
        {
            MissedProofs += change * step.MissedProofs;
            _hosted.Count(oneIn, change);
        }

        if (step.State is SaleStateName.SaleFilling or SaleStateName.SaleFilled or SaleStateName.SaleProving)
        {
            _filled.Count(oneIn, change);
        }
    }
}
