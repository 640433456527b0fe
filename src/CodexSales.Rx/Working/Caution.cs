using CodexSales.Rx.Domain;
using CodexSales.Rx.Health;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Working;

/// <summary>
/// Whether new risk may be taken: not while money is being lost, nor while what a sale needs fails again and again, nor
/// more than can be proved in time.
/// </summary>
/// <remarks>Lives on the core scheduler.</remarks>
internal sealed class Caution(ToldBlocks told, PortWatch ports, SellingOptions options)
{
    // How often in a row a port fails before nothing new is begun that would need it.
    private const int MostFailuresInARow = 3;

    // For how many periods no proof must have been missed before something new is begun.
    private const ulong PeriodsWithoutMiss = 3;

    // How long the last proofs took.
    private const int RememberedProofs = 16;
    private readonly Queue<TimeSpan> _proofTimes = new(RememberedProofs);

    // How many proofs each sale has missed, by its number.
    private readonly Dictionary<long, int> _sales = [];

    // The slots that are hosted, by the numbers of their sales, each with how many proofs it has missed.
    private readonly Dictionary<long, int> _hosted = [];
    private UnixSeconds? _missedAt;

    /// <summary>How many slots are hosted: proved, until their requests end.</summary>
    public int Hosted => _hosted.Count;

    /// <summary>How many proofs these have missed in all.</summary>
    public int MissedProofs { get; private set; }

    /// <summary>How long the slowest of the last proofs took; null as long as none was made.</summary>
    public TimeSpan? SlowestProof { get; private set; }

    /// <summary>
    /// How many slots can be proved in a period, by the slowest of the last proofs; null as long as none took any time.
    /// </summary>
    public long? Capacity => SlowestProof is { } slowest && slowest > TimeSpan.Zero
        ? options.MaxProofsAtOnce * (long)(TimeToProve / slowest)
        : null;

    // What is left of a period between the first of its blocks and the one before the last.
    private TimeSpan TimeToProve =>
        TimeSpan.FromSeconds(Math.Max(0, told.PeriodSeconds - (2 * told.BlockSeconds)));

    /// <summary>A sale came to a step.</summary>
    public void Note(SaleStep step)
    {
        // What a sale of the process before begins with is no news.
        if (_sales.TryGetValue(step.Sale.Number, out var known) && step.MissedProofs > known)
        {
            _missedAt = told.Head.Time;
        }

        if (step.End is null)
        {
            _sales[step.Sale.Number] = step.MissedProofs;
        }
        else
        {
            _sales.Remove(step.Sale.Number);
        }

        var before = _hosted.GetValueOrDefault(step.Sale.Number);
        if (step.State is SaleStateName.SaleProving)
        {
            _hosted[step.Sale.Number] = step.MissedProofs;
            MissedProofs += step.MissedProofs - before;
        }
        else if (_hosted.Remove(step.Sale.Number))
        {
            MissedProofs -= before;
        }
    }

    /// <summary>A proof was made.</summary>
    public void NoteProof(TimeSpan took)
    {
        if (_proofTimes.Count == RememberedProofs)
        {
            _proofTimes.Dequeue();
        }

        _proofTimes.Enqueue(took);
        SlowestProof = _proofTimes.Max();
    }

    /// <summary>Why nothing new may begin; null when it may.</summary>
    /// <param name="busy">How many slots are being acquired.</param>
    public IdleReason? WhyNot(int busy) =>
        _missedAt is { } at && told.Head.Time.SecondsSince(at) <= PeriodsWithoutMiss * told.PeriodSeconds
            ? IdleReason.ProofsAreMissed
        : IsFailing(HostPort.Transactions, busy) || IsFailing(HostPort.Storage, busy) || IsFailing(HostPort.Prover, busy)
            ? IdleReason.PortsFail
        : IsFull(busy) ? IdleReason.ProofsTakeTooLong
        : null;

    // A single slot is tried all the same: otherwise a proof that was slow once would be the last. One that really takes longer
    // than a period fills nothing.
    private bool IsFull(int busy) => Capacity is { } most && Hosted + busy >= Math.Max(1, most);

    // One sale at a time finds out whether it works again, after a pause. A market or a store that fails holds up every sale
    // by itself.
    private bool IsFailing(HostPort port, int busy) => ports[port] is { Failures: >= MostFailuresInARow }
        && (busy > 0 || ports.SinceFailure(port) < options.SecondTryPause);
}
