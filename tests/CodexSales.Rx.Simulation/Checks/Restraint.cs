using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>
/// What may keep a worker from a slot that waits, worked out from what the world did to the program: a block whose events
/// are not all told, proofs that were missed, ports that fail, proofs that take too long.
/// </summary>
internal sealed class Restraint(World world, Process process)
{
    private const int MostFailuresInARow = 3;
    private const ulong PausePeriodsAfterMiss = 3;
    private const int RememberedProofs = 16;

    private readonly Dictionary<HostPort, (int Failures, DateTimeOffset At)> _failures = [];
    private readonly Dictionary<long, int> _hosted = [];
    private readonly List<TimeSpan> _proofTimes = [];
    private UnixSeconds? _missedAt;
    private bool _isMidBlock = true;
    private DateTimeOffset _toldAt = DateTimeOffset.MinValue;
    private DateTimeOffset _toldBefore = DateTimeOffset.MinValue;

    // Since when a first worker may begin, and another one beside it.
    private DateTimeOffset? _firstFreeSince;
    private DateTimeOffset? _freeSince;

    private TimeSpan Period => TimeSpan.FromSeconds(world.Chain.Options.Rules.ProofPeriodSeconds);

    private SellingOptions Selling => world.Scenario.Settings.Pipeline.Selling;

    public void Note(MarketEvent happened)
    {
        _isMidBlock = happened is not BlockTold;
        if (!_isMidBlock)
        {
            (_toldBefore, _toldAt) = (_toldAt, world.Time.Now);
        }
    }

    public void Note(SaleStep step)
    {
        var number = step.Sale.Number;
        if (step.MissedProofs > _hosted.GetValueOrDefault(number))
        {
            _missedAt = process.Pipeline.Head.Time;
        }

        if (step.State == SaleStateName.SaleProving)
        {
            _hosted[number] = step.MissedProofs;
        }
        else
        {
            _hosted.Remove(number);
        }
    }

    public void NoteProof(TimeSpan took)
    {
        _proofTimes.Add(took);
        _proofTimes.RemoveRange(0, Math.Max(0, _proofTimes.Count - RememberedProofs));
    }

    /// <summary>
    /// A port has answered, or was given up. At the moment of a new look nobody may want what was asked for before it.
    /// </summary>
    public void Note(HostPort port, bool hasFailed)
    {
        if (hasFailed)
        {
            var failures = _failures.GetValueOrDefault(port).Failures + 1;
            _failures[port] = (failures, world.Time.Now);
            (_firstFreeSince, _freeSince) = failures < MostFailuresInARow ? (_firstFreeSince, _freeSince) : (null, null);
        }
        else if (process.Market.LookedAt != world.Time.Now)
        {
            _failures.Remove(port);
        }
    }

    /// <summary>
    /// Whether a worker must take a slot that waits: nothing keeps it, and nothing has since all events of the block before were told.
    /// </summary>
    /// <param name="busy">How many workers are busy.</param>
    public bool CheckMoment(int busy)
    {
        _firstFreeSince = WhyNot(0) ? null : _firstFreeSince ?? world.Time.Now;
        _freeSince = WhyNot(Math.Max(1, busy)) ? null : _freeSince ?? world.Time.Now;
        return !_isMidBlock && (busy == 0 ? _firstFreeSince : _freeSince) < _toldBefore;
    }

    private bool WhyNot(int busy) => IsMissing || IsFailing(HostPort.Transactions, busy)
        || IsFailing(HostPort.Storage, busy) || IsFailing(HostPort.Prover, busy) || IsFull(busy);

    private bool IsMissing => _missedAt is { } at
        && process.Pipeline.Head.Time.SecondsSince(at) <= PausePeriodsAfterMiss * (ulong)Period.TotalSeconds;

    // What was given up may have failed, or not: the program knows.
    private bool IsFailing(HostPort port, int busy) => _failures.TryGetValue(port, out var failing)
        && failing.Failures >= MostFailuresInARow
        && (busy > 0 || world.Time.Now - failing.At <= Selling.SecondTryPause);

    // One slot at a time is tried all the same where none is hosted, and one where nobody knows yet how long proofs take. Where
    // several proofs are made at overlapping times, half as many are sure to be made as one after the other.
    private bool IsFull(int busy) => _proofTimes.Count == 0
        ? busy > 0 && _hosted.Count > 0
        : _proofTimes.Max() is var slowest && slowest > TimeSpan.Zero
            && _hosted.Count + busy >= Math.Max(1, (long)(TimeToProve / slowest / 2));

    // How long a block takes the program measures, where several come in a second not quite the same each time.
    private TimeSpan TimeToProve => Period - TimeSpan.FromSeconds(2 * Math.Max(world.Chain.Options.BlockSeconds, 1));
}
