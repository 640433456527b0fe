using CodexSales.Rx.Resilience;
using CodexSales.Rx.Time;

namespace CodexSales.Rx.Selling;

/// <summary>The number of proofs that the prover can make in a period, measured. It counts as able to make several at
/// once only after it did: a prover that works through a queue looks the same before. It tells the time of each proof,
/// the first proof that came near its deadline after some that did not, and each proof that was given up.</summary>
/// <remarks>Measures on the core scheduler; the results may be read from any thread.</remarks>
internal sealed class ProverPace(
    ToldBlocks told,
    SellingOptions options,
    IScheduler core,
    Action<TimeSpan>? made = null,
    Action<string, bool>? slow = null)
{
    // A proof that takes this share of the time that its period leaves is told as near its deadline: the next one may take longer.
    private const double NearShare = 0.75;

    // So many proofs, and as many spells, are remembered: a slow one is forgotten after that many others.
    private const int Remembered = 16;

    private readonly IStopwatch _time = core.StartStopwatch();

    // The proofs that are being made, the oldest first.
    private readonly List<ProofUnderWay> _underWay = [];

    // Each of the last proofs: how many were made at once with it, and how long it took. Each of the last spells, which are
    // proofs that overlap one after the other: how many they are, and how long they took in all. Both are replaced as a whole.
    private Measured[] _proofs = [];
    private Measured[] _spells = [];

    // Worked out once for these spells and this time: workers ask after each event.
    private Rate? _rate;

    // The last spell.
    private TimeSpan _spellBegan;
    private TimeSpan _spellEnded;
    private int _made;
    private int _mostAtOnce;

    /// <summary>The time of the slowest of the last proofs; null as long as none was made.</summary>
    public TimeSpan? SlowestProof => _proofs is { Length: > 0 } proofs ? proofs.Max(proof => proof.Took) : null;

    /// <summary>The number of proofs that can be made between the first block of a period and the one before the last;
    /// null as long as none took any time.</summary>
    public long? ProofsPerPeriod
    {
        get
        {
            var (spells, proofs, time) = (_spells, _proofs, TimeToProve);
            if (_rate is not { } rate || rate.Spells != spells || rate.Time != time)
            {
                _rate = rate = new Rate(spells, time, ProofsIn(time, spells, proofs));
            }

            return rate.Proofs;
        }
    }

    /// <summary>The time of a period between the first of its blocks and the one before the last.</summary>
    public TimeSpan TimeToProve => TimeSpan.FromSeconds(Math.Max(0, told.PeriodSeconds - (2 * told.BlockSeconds)));

    private TimeSpan Period => TimeSpan.FromSeconds(told.PeriodSeconds);

    /// <summary>True if a proof that takes so long comes near the end of the time for it.</summary>
    public static bool IsNear(TimeSpan took, TimeSpan timeToProve) => timeToProve > TimeSpan.Zero && took >= NearShare * timeToProve;

    /// <summary>Makes a proof, and measures its time.</summary>
    public IObservable<T> Measure<T>(IObservable<T> proof) => Observable.Defer(() =>
    {
        var underWay = Begin();
        return proof
            .Do(_ => NoteMade(underWay), _ => underWay.HasEnded = true)
            .Finally(() => NoteOver(underWay));
    });

    private ProofUnderWay Begin()
    {
        var proof = new ProofUnderWay(_time.Elapsed);
        _underWay.Add(proof);
        foreach (var other in _underWay)
        {
            other.AtOnce = Math.Max(other.AtOnce, _underWay.Count);
        }

        return proof;
    }

    // Only finished proofs count: one that hangs makes no other slow.
    private void NoteMade(ProofUnderWay proof)
    {
        var (now, wasNear) = (_time.Elapsed, SlowestProof is { } slowest && IsNear(slowest, TimeToProve));
        var took = now - proof.Began;
        proof.HasEnded = true;
        made?.Invoke(took);
        if (!wasNear && IsNear(took, TimeToProve))
        {
            slow?.Invoke(Sentence("took", took), false);
        }

        _proofs = [.. _proofs.TakeLast(Remembered - 1), new Measured(proof.AtOnce, took)];
        var isNew = proof.Began >= _spellEnded || _spellEnded - _spellBegan > Period;
        (_spellBegan, _spellEnded, _made, _mostAtOnce) = isNew
            ? (proof.Began, now, 1, proof.AtOnce)
            : (proof.Began < _spellBegan ? proof.Began : _spellBegan, now, _made + 1, Math.Max(_mostAtOnce, proof.AtOnce));

        // Initial proofs are not limited as those of hosted slots are. With fewer at once, the same time makes proportionally fewer.
        var proofs = _mostAtOnce > options.MaxProofsAtOnce
            ? Math.Max(1, _made * options.MaxProofsAtOnce / _mostAtOnce)
            : _made;
        _spells =
        [
            .. isNew ? _spells.TakeLast(Remembered - 1) : _spells.SkipLast(1),
            new Measured(proofs, now - _spellBegan),
        ];
    }

    // One that hangs until nobody wants it any more never says so itself.
    private void NoteOver(ProofUnderWay proof)
    {
        _underWay.Remove(proof);
        if (!proof.HasEnded && _time.Elapsed - proof.Began is var after && IsNear(after, TimeToProve))
        {
            slow?.Invoke(Sentence("was given up after", after), true);
        }
    }

    private string Sentence(string what, TimeSpan took) => string.Create(
        CultureInfo.InvariantCulture,
        $"A proof {what} {took.TotalSeconds:0.#} s: what takes longer than the {TimeToProve.TotalSeconds:0.#} s of a period is missed.");

    private static long? ProofsIn(TimeSpan time, Measured[] spells, Measured[] proofs) => spells
        .Select(spell => (spell.Proofs, Took: AtLeast(spell, proofs)))
        .Where(spell => spell.Took > TimeSpan.Zero)
        .Select(spell => spell.Took <= time
            ? spell.Proofs * (long)(time / spell.Took)
            : (long?)(spell.Proofs * (time / spell.Took)))
        .Max();

    // A prover that has become slow counts as slow for more proofs at once, too, before so many were made at once again.
    private static TimeSpan AtLeast(Measured spell, Measured[] proofs) => proofs
        .Where(proof => proof.Proofs <= spell.Proofs)
        .Select(proof => proof.Took)
        .Append(spell.Took)
        .Max();

    private readonly record struct Measured(int Proofs, TimeSpan Took);

    private sealed record Rate(Measured[] Spells, TimeSpan Time, long? Proofs);

    private sealed class ProofUnderWay(TimeSpan began)
    {
        public TimeSpan Began { get; } = began;

        public int AtOnce { get; set; }

        public bool HasEnded { get; set; }
    }
}
