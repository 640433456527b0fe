using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Queueing;
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
    private readonly Dictionary<SlotKey, int?> _active = [];
    private readonly HashSet<SlotKey> _onceRefused = [];

    private UnixSeconds Now => process.Pipeline.ChainTime;

    public void Note(MarketEvent happened)
    {
        switch (happened)
        {
            case StorageRequested asked when !_requests.ContainsKey(asked.RequestId):
                if (ModelRequest.Of(asked) is { } request)
                {
                    request.InheritPauses(_takenBack.GetValueOrDefault(asked.RequestId));
                    _requests.Add(asked.RequestId, request);
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
            case RequestFulfilled { RequestId: var id } when _requests.TryGetValue(id, out var started):
                started.IsStarted = true;
                break;
            case RequestCancelled { RequestId: var id } when _requests.TryGetValue(id, out var cancelled):
                cancelled.IsOver = true;
                break;
            case RequestFailed { RequestId: var id } when _requests.TryGetValue(id, out var failed):
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
                started.IsStarted = false;
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
            // Of a sale from before a restart only its terms say whether the slot is another offer by now.
            _active.TryAdd(slot, step.State == SaleStateName.SaleUnknown
                ? null
                : FindRequest(slot)?.TimesFreed(slot.SlotIndex) ?? 0);
            return;
        }

        _active.Remove(slot, out var timesFreed);
        var again = AgainOf(step.State, end);
        if (again == SecondTry.WhenItFits)
        {
            _onceRefused.Add(slot);
        }

        if ((FindRequest(slot) ?? _takenBack.GetValueOrDefault(slot.RequestId)) is { } request)
        {
            var isSameOffer = request.TimesFreed(slot.SlotIndex) == (step.Sale.Terms.IsRepair ? timesFreed : 0);
            request.End(slot.SlotIndex, again switch
            {
                SecondTry.Never => isSameOffer ? DateTimeOffset.MaxValue : DateTimeOffset.MinValue,
                SecondTry.Later => process.Scheduler.Now + world.Scenario.Settings.Pipeline.Selling.SecondTryPause,
                _ => DateTimeOffset.MinValue,
            });
        }
    }

    public void CheckMoment()
    {
        var queue = process.Pipeline.Queue.Snapshot.Items;
        CheckOrder(queue);
        var expected = _requests.Values
            .SelectMany(request => request.OpenLots(Now, process.Scheduler.Now, _active))
            .Where(lot => IsTaken(lot.Terms))
            .ToList();
        CheckItems(queue, expected);
        CheckSize(queue, expected);
    }

    private void CheckOrder(IReadOnlyList<OpenSlot> queue)
    {
        for (var place = 1; place < queue.Count; place++)
        {
            if (queue[place - 1].IsSeen == queue[place].IsSeen
                ? Compare(queue[place - 1].Terms, queue[place].Terms) > 0
                : queue[place - 1].IsSeen)
            {
                world.Verdict.Break("queue order", $"{Name(queue[place - 1])} stands before {Name(queue[place])}.");
            }
        }

        if (queue.Select(item => item.Slot).Distinct().Count() != queue.Count)
        {
            world.Verdict.Break("queue", $"A slot stands in the queue twice.");
        }
    }

    private void CheckItems(IReadOnlyList<OpenSlot> queue, List<ModelLot> expected)
    {
        foreach (var item in queue)
        {
            var lot = expected.Find(lot => lot.RequestId == item.Slot.RequestId && lot.Contains(item.SlotIndex));
            if (lot is null)
            {
                world.Verdict.Break("queue", $"{Name(item)} is in the queue, and can't be sold.");
            }
            else if (lot.Terms.Collateral != item.Terms.Collateral || lot.Terms.Reward != item.Terms.Reward)
            {
                world.Verdict.Break("queue", $"{Name(item)} is in the queue on other terms than it has.");
            }
        }
    }

    private void CheckSize(IReadOnlyList<OpenSlot> queue, List<ModelLot> expected)
    {
        var total = expected.Aggregate((UInt128)0, (sum, lot) => sum + lot.Count);
        var capacity = process.Pipeline.Queue.Capacity;
        var size = (int)UInt128.Min(total, (UInt128)capacity);
        if (queue.Count != size)
        {
            world.Verdict.Break(
                "queue",
                $"{queue.Count} slots are in the queue; {total} can be sold, and {capacity} have room: "
                + $"{string.Join(", ", expected.Select(lot => world.Names.Of(lot.RequestId)))}.");
            return;
        }

        // Nothing outside is better than what is inside. Of those that were seen the model does not know the place.
        var worst = queue.LastOrDefault(item => !item.IsSeen);
        foreach (var lot in expected.Where(_ => total > (UInt128)size && worst is not null))
        {
            var inside = queue.Count(item => item.Slot.RequestId == lot.RequestId && lot.Contains(item.SlotIndex));
            if ((UInt128)inside < lot.Count && Compare(lot.Terms, worst!.Terms) < 0
                && !_onceRefused.Any(slot => slot.RequestId == lot.RequestId))
            {
                world.Verdict.Break(
                    "queue",
                    $"{Name(worst)} is in the queue, and better slots of {world.Names.Of(lot.RequestId)} are not.");
            }
        }
    }

    private bool IsTaken(SlotTerms terms)
    {
        foreach (var balance in process.Pipeline.Availabilities.Current)
        {
            var offer = balance.Availability;
            if (offer.Enabled
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

    private static SecondTry AgainOf(SaleStateName state, SaleEnd end) => (state, end.Reason) switch
    {
        (SaleStateName.SaleIgnored, SaleReason.NoAvailability) => SecondTry.WhenItFits,
        (SaleStateName.SaleIgnored, SaleReason.InsufficientFunds) => SecondTry.Later,
        (SaleStateName.SaleErrored, SaleReason.RequestUnknown) => SecondTry.Later,
        (SaleStateName.SaleErrored, SaleReason.DeadlinePassed) when end.Detail == "The stage took too long." =>
            SecondTry.Later,
        _ => SecondTry.Never,
    };

    private enum SecondTry
    {
        Never,
        WhenItFits,
        Later,
    }
}
