using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>Never more workers than there may be, none lost, and none idle while there is something to sell.</summary>
internal sealed class Workforce(World world, Process process, Deeds deeds, Restraint restraint)
{
    private int _lastBusy;
    private int _lastLimit;
    // Also that it runs: what a restart interrupted goes on whether sales are paused or not.
    private bool _wasPaused;

    public void CheckMoment(SaleLives lives)
    {
        var status = process.Pipeline.Workers.Snapshot;
        var (most, least) = (0, 0);
        foreach (var life in lives.Running.Values)
        {
            most += life.NeedsWorker ? 1 : 0;
            least += life.NeedsWorker && IsSurelyBusy(life) ? 1 : 0;
        }

        if (process.Market.IsHeard && (status.Busy > most || status.Busy < least))
        {
            world.Verdict.Break("workers", $"{status.Busy} workers are busy, with {least} to {most} sales.");
        }

        // More than the limit only as long as those finish that were busy when it was lowered, or before a restart.
        if (status.Busy > status.Limit && status.Busy > _lastBusy && _lastBusy >= _lastLimit && _lastLimit > 0)
        {
            world.Verdict.Break("worker limit", $"{status.Busy} workers are busy, {status.Limit} may be.");
        }

        if (status.IsPaused && _wasPaused && status.Busy > _lastBusy)
        {
            world.Verdict.Break("paused", $"Sales are paused, and {status.Busy} workers are busy after {_lastBusy}.");
        }

        (_lastBusy, _lastLimit, _wasPaused) =
            (status.Busy, status.Limit, status.IsPaused && process.Market.IsHeard);
        if (restraint.CheckMoment(status.Busy) && status.Busy < status.Limit && !status.IsPaused
            && process.Pipeline.Queue.Snapshot.Items is [{ IsDeferred: false } waiting, ..])
        {
            world.Verdict.Break(
                "starts at once",
                $"{status.Busy} of {status.Limit} workers are busy, and slot {world.Names.Of(waiting.Slot)} waits in the "
                + $"queue; the program says {status.Idle?.ToString() ?? "nothing"} "
                + $"{string.Join(", ", process.Pipeline.Health.FailingPorts)}.");
        }
    }

    public void CheckEnd()
    {
        if (process.Pipeline.Workers.Snapshot.Busy != 0)
        {
            world.Verdict.Break(
                "workers",
                $"All is over, and {process.Pipeline.Workers.Snapshot.Busy} workers are busy.");
        }
    }

    // One that has ended gives its worker back before it is cleaned up, and one that may have filled its slot before its
    // end stands for good: of either its steps say nothing.
    private bool IsSurelyBusy(Life life) =>
        process.Disk.IsSettled && !life.MayHaveFilled && !deeds.IsClearing(life.Sale.Number);
}
