using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>Slots of one request on the same terms that can be filled now.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Terms">Their terms.</param>
/// <param name="Count">How many they are.</param>
/// <param name="Contains">Whether a slot is one of them.</param>
internal sealed record ModelGroup(RequestId RequestId, SlotTerms Terms, UInt128 Count, Func<ulong, bool> Contains);

/// <summary>What is known of a request, without any index or order.</summary>
internal sealed class ModelRequest(SlotTerms terms)
{
    private readonly SortedDictionary<ulong, Touched> _touched = [];
    private bool _isPast;
    private int _failedSales;
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;

    public ulong Slots => terms.Ask.Slots;

    public bool IsStarted { get; private set; }

    public bool IsOver { get; set; }

    /// <summary>Null when it is not for sale at all.</summary>
    public static ModelRequest? Of(StorageRequested asked) =>
        asked.Ask.Slots > 0
        && asked.Ask.TryGetSlotReward(out var reward) && reward > UInt256.Zero
        && asked.Ask.TryGetSlotCollateral(out var collateral)
            ? new ModelRequest(new SlotTerms
            {
                RequestId = asked.RequestId,
                Ask = asked.Ask,
                Reward = reward,
                Collateral = collateral,
                ExpiresAt = asked.ExpiresAt,
                EndsAt = asked.EndsAt,
            })
            : null;

    /// <summary>What the clock takes for over is over, unless the chain then turns out to be behind it.</summary>
    public void NoteTime(UnixSeconds now) => _isPast = now > (IsStarted ? terms.EndsAt : terms.ExpiresAt);

    /// <summary>All its slots were filled in time, whatever the clock has said.</summary>
    public void Start() => (_isPast, IsStarted) = (_isPast && IsStarted, true);

    public void TakeBackStart() => IsStarted = false;

    public void Fill(ulong slot)
    {
        var touched = Touch(slot);
        (touched.IsFilled, touched.Failures) = (true, touched.IsFilled ? touched.Failures : 0);
    }

    /// <summary>A sale of the slot came to nothing for a reason that passes: how many did in a row.</summary>
    public int CountFailure(ulong slot) => ++Touch(slot).Failures;

    /// <summary>A sale has filled a slot of it.</summary>
    public void NoteSold() => _failedSales = 0;

    /// <summary>A sale of a slot that nobody had filled yet came to nothing: from the third on, the others wait too, so long.</summary>
    public TimeSpan NoteFailedSale(DateTimeOffset now, Func<int, TimeSpan> pauseAfter)
    {
        if (_pausedUntil > now || ++_failedSales < 3)
        {
            return TimeSpan.Zero;
        }

        _pausedUntil = now + pauseAfter(_failedSales - 1);
        return _pausedUntil - now;
    }

    public void Reserve(ulong slot) => Touch(slot).IsReserved = true;

    /// <summary>The request comes again in another block: a slot that waits for a second try goes on waiting.</summary>
    public void InheritPauses(ModelRequest? before)
    {
        foreach (var (slot, touched) in before?._touched ?? [])
        {
            if (touched.Again != DateTimeOffset.MaxValue)
            {
                Touch(slot).Again = touched.Again;
            }
        }
    }

    public void ReserveByUs(ulong slot, bool isByUs) => Touch(slot).IsReservedByUs = isByUs;

    public void TakeBackFill(ulong slot) => Touch(slot).IsFilled = false;

    public void TakeBackReservation(ulong slot) => Touch(slot).IsReserved = false;

    public void TakeBackFreeing(ulong slot)
    {
        if (Touch(slot) is { Before: { } before, Again: var again } freed)
        {
            before.Failures = freed.Failures;
            before.Again = again > before.Again && again != DateTimeOffset.MaxValue ? again : before.Again;
            _touched[slot] = before;
        }
    }

    public void Free(ulong slot, UnixSeconds at, byte repairRewardPercent)
    {
        var touched = Touch(slot);
        if (touched.IsFilled)
        {
            var discount = terms.Collateral / 100 * repairRewardPercent
                + (UInt256.DivRem(terms.Collateral, 100).Remainder * repairRewardPercent / 100);
            _touched[slot] = new Touched
            {
                Before = touched,

                // Another offer, but a sale that waits for its second try still has the slot.
                Again = touched.Again == DateTimeOffset.MaxValue ? DateTimeOffset.MinValue : touched.Again,
                Repair = terms with
                {
                    Reward = (terms.Ask.PricePerBytePerSecond * terms.Ask.SlotSizeBytes * terms.EndsAt.SecondsSince(at)) + discount,
                    Collateral = terms.Collateral - discount,
                    IsRepair = true,
                    FreedAt = at,
                },
            };
        }
    }

    /// <summary>When the slot lost its host last; null if it never did.</summary>
    public UnixSeconds? FreedAt(ulong slot) => _touched.GetValueOrDefault(slot)?.Repair?.FreedAt;

    /// <summary>A sale of the slot is over: not before a moment is it sold again.</summary>
    public void End(ulong slot, bool isTried, DateTimeOffset again)
    {
        var touched = Touch(slot);
        (touched.Again, touched.Failures) = (again, isTried ? touched.Failures : 0);
    }

    /// <summary>The terms of a slot that nobody fills; null when it is not open.</summary>
    public SlotTerms? FindTerms(ulong slot)
    {
        var touched = _touched.GetValueOrDefault(slot);
        var found = touched?.Repair ?? (IsStarted ? null : terms);
        return IsOver || _isPast || touched is { IsFilled: true } or { IsReserved: true, IsReservedByUs: false } ? null : found;
    }

    public IEnumerable<ModelGroup> OpenGroups(
        DateTimeOffset clock, ICollection<SlotKey> taken)
    {
        if (IsOver || _isPast)
        {
            yield break;
        }

        bool IsOpen(ulong slot, Touched? touched) => touched is not { IsFilled: true } and not { IsReserved: true, IsReservedByUs: false }
            && (touched is null || touched.Again <= clock)
            && !taken.Contains(new SlotKey(terms.RequestId, slot));

        if (!IsStarted && _pausedUntil <= clock)
        {
            var closed = _touched.Count(entry => entry.Value.Repair is not null || !IsOpen(entry.Key, entry.Value))
                + taken.Count(slot => slot.RequestId == terms.RequestId && !_touched.ContainsKey(slot.SlotIndex));
            if ((UInt128)closed < Slots)
            {
                yield return new ModelGroup(terms.RequestId, terms, (UInt128)Slots - (UInt128)closed, slot =>
                    slot < Slots
                    && _touched.GetValueOrDefault(slot) is not { Repair: not null } and var touched
                    && IsOpen(slot, touched));
            }
        }

        foreach (var (slot, touched) in _touched)
        {
            if (touched.Repair is { } repair && IsOpen(slot, touched))
            {
                yield return new ModelGroup(terms.RequestId, repair, 1, index => index == slot);
            }
        }
    }

    private Touched Touch(ulong slot)
    {
        if (!_touched.TryGetValue(slot, out var touched))
        {
            _touched.Add(slot, touched = new Touched());
        }

        return touched;
    }

    private sealed class Touched
    {
        public bool IsFilled { get; set; }

        public bool IsReserved { get; set; }

        public bool IsReservedByUs { get; set; }

        public Touched? Before { get; init; }

        public SlotTerms? Repair { get; init; }

        public int Failures { get; set; }

        public DateTimeOffset Again { get; set; } = DateTimeOffset.MinValue;
    }
}
