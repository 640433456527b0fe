using CodexSales.Rx.Domain;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>One slot as the contract has it for us, from a fill to its end.</summary>
internal sealed class Tenure(SlotKey slot, UnixSeconds filledAt, ulong firstPeriod)
{
    private readonly List<Look> _looks = [];
    private readonly List<DateTimeOffset> _unanswered = [];

    public SlotKey Slot => slot;

    public UnixSeconds FilledAt => filledAt;

    /// <summary>The period of the fill, in which nothing is wanted.</summary>
    public ulong FirstPeriod => firstPeriod;

    /// <summary>When the block of the fill came.</summary>
    public required DateTimeOffset Begin { get; init; }

    /// <summary>How many missed proofs the contract has counted.</summary>
    public int Missed { get; set; }

    /// <summary>Whether the last of them was counted while a host could not have helped it, or not know of it.</summary>
    public bool IsExcused { get; set; }

    /// <summary>Since when it has no sale although nothing stands in the way of one.</summary>
    public DateTimeOffset? UnattendedSince { get; set; }

    /// <summary>Notes what a block wants of it. What is older than the period before is forgotten.</summary>
    public void Note(Look look)
    {
        if (_looks is [.., var last] && last.Period != look.Period)
        {
            _looks.RemoveAll(seen => seen.Period + 1 < look.Period);
        }

        _looks.Add(look);
    }

    /// <summary>A question about it was not answered.</summary>
    public void NoteUnanswered(DateTimeOffset at) => _unanswered.Add(at);

    /// <summary>How many questions about it were not answered since a moment. Those before it are forgotten.</summary>
    public int UnansweredSince(DateTimeOffset moment)
    {
        _unanswered.RemoveAll(at => at < moment);
        return _unanswered.Count;
    }

    /// <summary>Blocks were replaced: a proof that had landed may be gone, and time counts from now on.</summary>
    public void Forget() => _looks.Clear();

    /// <summary>
    /// Whether a host proves a period that looks at it as soon as a block of it is known, or later, as long as there is
    /// time, and looks again when the challenge has changed until the proof lands.
    /// </summary>
    /// <param name="period">The period.</param>
    /// <param name="need">From hearing of the block to the transaction on its way.</param>
    /// <param name="behind">So many blocks later a block is heard of.</param>
    public bool CouldBeProved(ulong period, TimeSpan need, int behind)
    {
        var looks = _looks.Where(look => look.Period == period).ToList();
        var inTime = looks.Where(look => FindLanding(look) is not null).ToList();
        var look = inTime.FirstOrDefault();
        while (look is not null && FindLanding(look) is { } landing && landing.Challenge != look.Challenge)
        {
            look = landing;
        }

        return look is not null && FindLanding(look) is not null && inTime.TrueForAll(look => look.IsWanted);

        Look? FindLanding(Look look) => _looks.IndexOf(look) + behind is var heard && heard < _looks.Count
            ? looks.Find(landing => landing.At > _looks[heard].At + need)
            : null;
    }

    /// <summary>When the first block of a period came; null when none is known.</summary>
    public DateTimeOffset? BeginOf(ulong period) => _looks.Find(look => look.Period == period)?.At;

    /// <param name="At">When the block came.</param>
    /// <param name="Period">In which period it is.</param>
    /// <param name="IsWanted">Whether it wants a proof, now or once the downtime is over.</param>
    /// <param name="Challenge">Of what.</param>
    internal sealed record Look(DateTimeOffset At, ulong Period, bool IsWanted, Bytes32 Challenge);
}
