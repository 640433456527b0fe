using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>
/// What the queue must hold, worked out anew at each moment from what the program was told: the open slots that some
/// availability takes and no sale works on, best first, as many as there is room for.
/// </summary>
internal sealed class QueueModel(World world, Process process)
{
    private readonly Dictionary<RequestId, ModelRequest> _requests = [];
    private readonly Dictionary<RequestId, ModelRequest> _takenBack = [];
    private readonly HashSet<SlotKey> _active = [];
    private readonly HashSet<SlotKey> _onceRefused = [];

    // When each request was told of last. All events of a moment are told before the program has looked at the first one: a sale
    // that is over in that moment may be so before or after an event of it, and its slot be the same offer or another one.
    private readonly Dictionary<RequestId, DateTimeOffset> _toldAt = [];
    private readonly HashSet<SlotKey> _sameOrAnother = [];
    private readonly List<DateTimeOffset> _pauses = [];
    private readonly HashSet<long> _sold = [];
    private readonly HashSet<long> _filling = [];

    // Until when what a sale has reserved counts for a request that is told later, or again: until its slot comes back.
    private readonly Dictionary<SlotKey, DateTimeOffset> _reservedByUs = [];

    // Of requests that are not told yet: of a sale from before a restart.
    private readonly Dictionary<SlotKey, DateTimeOffset> _pausedUnknown = [];

    // What the program was forced out of, it never takes again.
    private readonly HashSet<SlotKey> _lost =
    [
        .. world.Memory.Past.Values.Where(past => past.End.Reason == SaleReason.ForcedOut).Select(past => past.Sale.Slot),
    ];

    private UnixSeconds Now => process.Pipeline.ChainTime;

    public void Note(MarketEvent happened)
    {
        if (RequestOf(happened) is { } id)
        {
            _toldAt[id] = world.Time.Now;
        }

        switch (happened)
        {
            case StorageRequested asked when !_requests.ContainsKey(asked.RequestId):
                if (ModelRequest.Of(asked) is { } request)
                {
                    request.InheritPauses(_takenBack.GetValueOrDefault(asked.RequestId));
                    _requests.Add(asked.RequestId, request);
                    foreach (var (slot, _) in _reservedByUs.Where(reserved =>
                        reserved.Key.RequestId == asked.RequestId && reserved.Value > world.Time.Now))
                    {
                        request.ReserveByUs(slot.SlotIndex, true);
                    }
                }

                break;
            case SlotFilled filled:
                Find(filled.Slot)?.Fill(filled.Slot.SlotIndex);
                break;
            case SlotFreed freed:
                Find(freed.Slot)?.Free(freed.Slot.SlotIndex, freed.Block.Time, world.Chain.Options.Rules.RepairRewardPercent);
                break;
            case SlotReservationsFull full:
                Find(full.Slot)?.Reserve(full.Slot.SlotIndex);
                break;
            case Reverted reverted:
                TakeBack(reverted.Original);
                break;
            case RequestFulfilled all when _requests.TryGetValue(all.RequestId, out var started):
                started.Start();
                break;
            case RequestCancelled off when _requests.TryGetValue(off.RequestId, out var cancelled):
                cancelled.IsOver = true;
                break;
            case RequestFailed lost when _requests.TryGetValue(lost.RequestId, out var failed):
                failed.IsOver = true;
                break;
        }
    }

    private void TakeBack(MarketEvent original)
    {
        switch (original)
        {
            case StorageRequested asked:
                if (_requests.Remove(asked.RequestId, out var request))
                {
                    _takenBack[asked.RequestId] = request;
                }

                break;
            case SlotFilled filled:
                Find(filled.Slot)?.TakeBackFill(filled.Slot.SlotIndex);
                break;
            case SlotFreed freed:
                Find(freed.Slot)?.TakeBackFreeing(freed.Slot.SlotIndex);
                break;
            case SlotReservationsFull full:
                Find(full.Slot)?.TakeBackReservation(full.Slot.SlotIndex);
                break;
            case RequestFulfilled { RequestId: var id } when _requests.TryGetValue(id, out var started):
                started.TakeBackStart();
                break;
            case RequestCancelled { RequestId: var id } when _requests.TryGetValue(id, out var cancelled):
                cancelled.IsOver = false;
                break;
            case RequestFailed { RequestId: var id } when _requests.TryGetValue(id, out var failed):
                failed.IsOver = false;
                break;
        }
    }

    public void Note(SaleStep step)
    {
        var slot = step.Sale.Slot;
        if (step.End is not { } end)
        {
            _active.Add(slot);
            _sameOrAnother.Remove(slot);
            if (step.State == SaleStateName.SaleDownloading)
            {
                _reservedByUs[slot] = DateTimeOffset.MaxValue;
                FindRequest(slot)?.ReserveByUs(slot.SlotIndex, true);
            }
            else if (step.State == SaleStateName.SaleFilling)
            {
                _filling.Add(step.Sale.Number);
            }
            else if (step.State == SaleStateName.SaleSlotReserving && _filling.Contains(step.Sale.Number))
            {
                _reservedByUs.Remove(slot);
                FindRequest(slot)?.ReserveByUs(slot.SlotIndex, false);
            }

            if (step.State == SaleStateName.SaleProving && _sold.Add(step.Sale.Number))
            {
                FindRequest(slot)?.NoteSold();
            }

            return;
        }

        _active.Remove(slot);
        var again = AgainOf(end.Reason);
        if (again == RequeuePolicy.WhenItFits)
        {
            _onceRefused.Add(slot);
        }

        if (end.Reason == SaleReason.ForcedOut)
        {
            _lost.Add(slot);
        }

        if (_toldAt.TryGetValue(slot.RequestId, out var toldAt) && toldAt == world.Time.Now)
        {
            _sameOrAnother.Add(slot);
        }

        var requestPause = IsFailure(end.Reason) && !step.Sale.Terms.IsRepair
            ? FindRequest(slot)?.NoteFailedSale(world.Time.Now, PauseAfter) ?? TimeSpan.Zero
            : TimeSpan.Zero;
        var failures = 1;
        if ((FindRequest(slot) ?? _takenBack.GetValueOrDefault(slot.RequestId)) is { } request)
        {
            var isSameOffer = request.FreedAt(slot.SlotIndex) == step.Sale.Terms.FreedAt;
            var isTried = again == RequeuePolicy.Later
                || (again == RequeuePolicy.WhenItFits && IsTaken(step.Sale.Terms));
            failures = again == RequeuePolicy.Later && isSameOffer && FindRequest(slot) is not null
                ? request.CountFailure(slot.SlotIndex)
                : 1;
            request.End(slot.SlotIndex, isTried, !isSameOffer ? DateTimeOffset.MinValue : again switch
            {
                RequeuePolicy.Never => DateTimeOffset.MaxValue,
                RequeuePolicy.Later => world.Time.Now + PauseAfter(failures) + requestPause,
                _ => DateTimeOffset.MinValue,
            });
        }
        else if (again == RequeuePolicy.Later)
        {
            _pausedUnknown[slot] = world.Time.Now + PauseAfter(failures);
        }

        var wasReserved = _reservedByUs.Remove(slot);
        if (again == RequeuePolicy.Later)
        {
            _pauses.Add(world.Time.Now + LongestPause + requestPause);
            if (wasReserved)
            {
                _reservedByUs.Add(slot, world.Time.Now + PauseAfter(failures) + requestPause);
            }
        }

        if (requestPause > TimeSpan.Zero)
        {
            _pauses.Add(world.Time.Now + requestPause);
        }
    }

    /// <summary>How many slots wait for another try, at most.</summary>
    public int CountPauses()
    {
        _pauses.RemoveAll(end => end < world.Time.Now);
        return _pauses.Count;
    }

    /// <summary>Whether a slot could be sold on terms that some availability takes, whatever came of its sales.</summary>
    public bool CanSell(SlotKey slot) => FindRequest(slot) is { } request && request.FindTerms(slot.SlotIndex) is { } terms
        && !_active.Contains(slot) && !_lost.Contains(slot) && IsTaken(terms);

    public void CheckMoment()
    {
        var queue = process.Pipeline.Queue.Snapshot.Items;
        CheckOrder(queue);
        foreach (var request in _requests.Values)
        {
            request.NoteTime(Now);
        }

        foreach (var (slot, _) in _pausedUnknown.Where(paused => paused.Value <= world.Time.Now).ToList())
        {
            _pausedUnknown.Remove(slot);
        }

        ICollection<SlotKey> taken = _lost.Count + _pausedUnknown.Count == 0
            ? _active
            : _active.Concat(_lost).Concat(_pausedUnknown.Keys).ToHashSet();
        var expected = _requests.Values
            .SelectMany(request => request.OpenGroups(world.Time.Now, taken))
            .Where(group => IsTaken(group.Terms))
            .ToList();
        CheckItems(queue, expected);
        CheckSize(queue, expected);
    }

    private void CheckOrder(IReadOnlyList<OpenSlot> queue)
    {
        for (var place = 1; place < queue.Count; place++)
        {
            if (queue[place - 1].IsDeferred == queue[place].IsDeferred
                ? Compare(queue[place - 1].Terms, queue[place].Terms) > 0
                : queue[place - 1].IsDeferred)
            {
                world.Verdict.Break("queue order", $"{Name(queue[place - 1])} stands before {Name(queue[place])}.");
            }
        }

        if (queue.Select(item => item.Slot).Distinct().Count() != queue.Count)
        {
            world.Verdict.Break("queue", $"A slot stands in the queue twice.");
        }
    }

    private void CheckItems(IReadOnlyList<OpenSlot> queue, List<ModelGroup> expected)
    {
        foreach (var item in queue)
        {
            var group = expected.Find(group => group.RequestId == item.Slot.RequestId && group.Contains(item.SlotIndex));
            if (group is null && !_sameOrAnother.Contains(item.Slot))
            {
                world.Verdict.Break("queue", $"{Name(item)} is in the queue, and can't be sold.");
            }
            else if (group is not null && (group.Terms.Collateral != item.Terms.Collateral || group.Terms.Reward != item.Terms.Reward))
            {
                world.Verdict.Break("queue", $"{Name(item)} is in the queue on other terms than it has.");
            }
        }
    }

    private void CheckSize(IReadOnlyList<OpenSlot> queue, List<ModelGroup> expected)
    {
        var total = expected.Aggregate((UInt128)0, (sum, group) => sum + group.Count);
        foreach (var slot in _sameOrAnother)
        {
            var isExpected = expected.Exists(group => group.RequestId == slot.RequestId && group.Contains(slot.SlotIndex));
            var isThere = queue.Any(item => item.Slot == slot);
            total = isExpected == isThere ? total : isThere ? total + 1 : total - 1;
        }

        var capacity = process.Pipeline.Queue.Capacity;
        var size = (int)UInt128.Min(total, (UInt128)capacity);
        if (queue.Count != size)
        {
            world.Verdict.Break(
                "queue",
                $"{queue.Count} slots are in the queue; {total} can be sold, and {capacity} have room: "
                + $"{string.Join(", ", expected.Select(group => world.Names.Of(group.RequestId)))}.");
            return;
        }

        // Nothing outside is better than what is inside. Of those that were seen the model does not know the place.
        var worst = queue.LastOrDefault(item => !item.IsDeferred);
        foreach (var group in expected.Where(_ => total > (UInt128)size && worst is not null))
        {
            var inside = queue.Count(item => item.Slot.RequestId == group.RequestId && group.Contains(item.SlotIndex));
            if ((UInt128)inside < group.Count && Compare(group.Terms, worst!.Terms) < 0
                && !_onceRefused.Any(slot => slot.RequestId == group.RequestId))
            {
                world.Verdict.Break(
                    "queue",
                    $"{Name(worst)} is in the queue, and better slots of {world.Names.Of(group.RequestId)} are not.");
            }
        }
    }

    private bool IsTaken(SlotTerms terms)
    {
        foreach (var balance in process.Pipeline.Availabilities.Snapshot)
        {
            var offer = balance.Availability;
            if (!offer.IsDisabled
                && terms.DurationSeconds <= offer.MaxDurationSeconds
                && (offer.Until is not { } until || terms.EndsAt <= until)
                && terms.Ask.PricePerBytePerSecond >= offer.MinPricePerBytePerSecond
                && terms.Ask.SlotSizeBytes <= balance.FreeBytes
                && terms.Collateral <= balance.FreeCollateral)
            {
                return true;
            }
        }

        return false;
    }

    private static RequestId? RequestOf(MarketEvent happened) => happened switch
    {
        StorageRequested asked => asked.RequestId,
        SlotFilled filled => filled.Slot.RequestId,
        SlotFreed freed => freed.Slot.RequestId,
        Reverted reverted => RequestOf(reverted.Original),
        _ => null,
    };

    private ModelRequest? FindRequest(SlotKey slot) => _requests.GetValueOrDefault(slot.RequestId);

    private ModelRequest? Find(SlotKey slot) =>
        _requests.TryGetValue(slot.RequestId, out var request) && slot.SlotIndex < request.Slots ? request : null;

    private string Name(OpenSlot slot) => world.Names.Of(slot.Slot);

    // Source: codex-research design/sales.md, "Slot queue".
    private static int Compare(SlotTerms left, SlotTerms right) =>
        right.Reward.CompareTo(left.Reward) is not 0 and var reward ? reward
        : left.Collateral.CompareTo(right.Collateral) is not 0 and var collateral ? collateral
        : LastFill(right).CompareTo(LastFill(left)) is not 0 and var expiry ? expiry
        : left.Ask.SlotSizeBytes.CompareTo(right.Ask.SlotSizeBytes);

    private static UnixSeconds LastFill(SlotTerms terms) => terms.IsRepair ? terms.EndsAt : terms.ExpiresAt;

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // Twice as long each time in a row.
    private TimeSpan PauseAfter(int failures)
    {
        var first = world.Scenario.Settings.Pipeline.Selling.SecondTryPause;
        return first * Math.Min(Math.Pow(2, failures - 1), Math.Max(1, LongestPause / first));
    }

    // What passes is tried again.
    private static RequeuePolicy AgainOf(SaleReason reason) => reason switch
    {
        SaleReason.NoAvailability => RequeuePolicy.WhenItFits,
        SaleReason.Paid or SaleReason.TooLate or SaleReason.RequestExpired or SaleReason.RequestFailed
            or SaleReason.ForcedOut => RequeuePolicy.Never,
        _ => RequeuePolicy.Later,
    };

    private static bool IsFailure(SaleReason reason) => reason is SaleReason.RequestUnknown or SaleReason.TooLate
        or SaleReason.InsufficientFunds or SaleReason.DownloadFailed or SaleReason.ProofFailed or SaleReason.TransactionRefused
        or SaleReason.DeadlinePassed or SaleReason.HostFault;

    private enum RequeuePolicy
    {
        Never,
        WhenItFits,
        Later,
    }
}
