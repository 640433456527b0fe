using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>
/// No slot is given up for a reason that passes: as long as it can be sold, it is tried again sooner or later.
/// </summary>
internal sealed class GivenUp(World world, Process process)
{
    private readonly Dictionary<SlotKey, (SaleReason Reason, DateTimeOffset? Since)> _slots = [];

    // Trying again less and less often is fine, but not this much less: where other slots of its request fail, an hour for these.
    private TimeSpan Patience =>
        TimeSpan.FromMinutes(90) + (2 * world.Scenario.Settings.Pipeline.Selling.SecondTryPause);

    public void Note(SaleStep step)
    {
        _slots.Remove(step.Sale.Slot);
        if (step.End is { } end && IsPassing(end.Reason)
            && (end.Reason != SaleReason.DeadlinePassed || CanBeFetched(step.Sale.Terms.Ask)))
        {
            _slots[step.Sale.Slot] = (end.Reason, null);
        }
    }

    public void CheckMoment()
    {
        foreach (var (slot, (reason, since)) in _slots)
        {
            if (!CanBeSold(slot))
            {
                _slots[slot] = (reason, null);
            }
            else if (world.Time.Now - (since ?? world.Time.Now) > Patience)
            {
                world.Verdict.Break(
                    "given up",
                    $"{world.Names.Of(slot)} was given up, {reason}; it could be sold since {since:HH:mm:ss}, a worker "
                    + $"is free, and it is not tried again.");
            }
            else
            {
                _slots[slot] = (reason, since ?? world.Time.Now);
            }
        }
    }

    private static bool IsPassing(SaleReason reason) => reason is SaleReason.InsufficientFunds
        or SaleReason.TransactionRefused or SaleReason.DeadlinePassed or SaleReason.HostFault
        or SaleReason.DownloadFailed or SaleReason.ProofFailed or SaleReason.ProofsTakeTooLong or SaleReason.RequestUnknown;

    // One that takes longer than it may is given up rightly, and for good.
    private bool CanBeFetched(StorageAsk ask)
    {
        var (storage, selling) = (world.Scenario.Settings.Storage, world.Scenario.Settings.Pipeline.Selling);
        var seconds = (double)ask.SlotSizeBytes / storage.BytesPerSecond;
        return seconds < selling.DownloadDeadline.TotalSeconds
            && seconds / storage.ProgressSteps < selling.DownloadStallDeadline.TotalSeconds;
    }

    // While money is being lost nothing new is begun, and rightly so.
    private bool CanBeSold(SlotKey slot) =>
        process.Pipeline.Workers.Snapshot is { IsPaused: false } workers && workers.Busy < workers.Limit
        && world.Keeper.LostLast + TimeSpan.FromHours(2) < world.Time.Now
        && world.Chain.Contract.FindRequest(slot.RequestId) is { } request
        && request.Ask.TryGetSlotCollateral(out var collateral)
        && collateral <= world.Chain.BalanceOf(World.Us)
        && request.StateAt(world.Chain.Pending.Time) is RequestState.New or RequestState.Started
        && world.Chain.Contract.CanReserve(world.Chain.Pending.Time, World.Us, slot)
        && process.Inspector.CanSell(slot);
}
