namespace CodexSales.Rx.Hosting.Refusals;

/// <summary>
/// Counts what is not for sale, by its reason, and gathers it for the store. Bounded by the number of reasons, and by how many wait
/// for the store: what is more is counted and forgotten.
/// </summary>
/// <remarks>Threading: any thread.</remarks>
internal sealed class RefusalBook
{
    private const int MostWaiting = 1_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<RefusalReason, RefusalTally> _tallies = [];
    private List<Refusal> _waiting = [];

    /// <summary>By reason.</summary>
    public IReadOnlyList<RefusalTally> Tallies
    {
        get
        {
            lock (_gate)
            {
                return [.. _tallies.Values];
            }
        }
    }

    /// <summary>Notes one; whether it is the first that waits.</summary>
    public bool Note(Refusal refusal)
    {
        lock (_gate)
        {
            var before = _tallies.GetValueOrDefault(refusal.Reason);
            var nearest = before is not null && Miss(before.Nearest) < Miss(refusal) ? before.Nearest : refusal;
            _tallies[refusal.Reason] = new RefusalTally(refusal.Reason, (before?.Count ?? 0) + 1, refusal, nearest);
            if (_waiting.Count < MostWaiting)
            {
                _waiting.Add(refusal);
            }

            return _waiting.Count == 1;
        }
    }

    /// <summary>What has waited; it waits no more.</summary>
    public IReadOnlyList<Refusal> Take()
    {
        lock (_gate)
        {
            var taken = _waiting;
            _waiting = [];
            return taken;
        }
    }

    // Something of nothing is infinitely far away.
    private static double Miss(Refusal refusal) => (refusal.Offered, refusal.Limit) switch
    {
        ({ } offered, { } limit) => Math.Abs(Number(offered) - Number(limit)) / Number(limit),
        _ => 0,
    };

    private static double Number(UInt256 amount) => double.Parse($"{amount}", CultureInfo.InvariantCulture);
}
