using System.Reactive.Concurrency;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Worlds;

/// <content>What each act of a scenario does.</content>
internal sealed partial class World
{
    private void Begin(Act act)
    {
        if (_isCalm)
        {
            return;
        }

        Story.Tell("act", "", $"{act}");
        switch (act)
        {
            case Asked asked:
                Ask(asked);
                break;
            case RivalCame rival:
                _rivals.Come(rival);
                break;
            case Troubled troubled:
                _troubles.Begin(troubled);
                break;
            case Crashed crashed:
                Crash(crashed);
                break;
            case Offered offered:
                Edit(offered.Availability.Id, books => books.SaveAsync(offered.Availability));
                break;
            case Drained drained:
                Edit(drained.Id, books => books.DrainAsync(drained.Id));
                break;
            case Withdrawn withdrawn:
                Edit(withdrawn.Id, books => books.RemoveAsync(withdrawn.Id));
                break;
            case Reorganised reorganised:
                Reorganise(reorganised);
                break;
            case Adjusted adjusted:
                Adjust(adjusted);
                break;
            case Outrun outrun:
                _outrun = outrun;
                break;
            case Halted halted:
                Chain.Halt(halted.Span, halted.Speed);
                break;
            case ClockSet set:
                Clock.Shift(set.By);
                break;
            case Silenced silenced:
                BeSilent(silenced.Span);
                break;
            case DiskFilled filled:
                FillDisk(filled);
                break;
        }
    }

    private void Ask(Asked asked)
    {
        var id = Chain.RequestStorage(asked.Ask, asked.ExpirySeconds);
        Names.Add(asked.Number, id);
        if (asked.Withdraws)
        {
            Time.Schedule(TimeSpan.FromSeconds(asked.ExpirySeconds + 60), () => _ = Chain.WithdrawFundsAsync(id));
        }
    }

    private void Edit(AvailabilityId id, Func<AvailabilityLedger, Task<LedgerAnswer>> edit) =>
        Process?.Inspector.Edit(id, edit(Process.Pipeline.Availabilities));

    private void Adjust(Adjusted adjusted)
    {
        if (Process is not { } process)
        {
            return;
        }

        if (adjusted.Limit is { } limit)
        {
            process.Pipeline.Workers.SetLimit(limit);
        }

        if (adjusted.IsPaused is { } isPaused)
        {
            (isPaused ? (Action)process.Pipeline.Workers.Pause : process.Pipeline.Workers.Resume)();
        }

        if (adjusted.QueueCapacity is { } capacity)
        {
            process.Pipeline.Queue.SetCapacity(capacity);
        }
    }

    private void Reorganise(Reorganised act)
    {
        var random = new Random(act.Seed);
        Chain.Reorganise(Math.Min(act.Depth, Chain.Options.MaxReorganisation), _ => random.Next(100) switch
        {
            < 45 => TransactionFate.Kept,
            < 60 => TransactionFate.KeptLast,
            < 85 => TransactionFate.Delayed,
            _ => TransactionFate.Lost,
        });
    }

    /// <summary>We are about to fill a slot: another host may come first, in a block that does not last.</summary>
    public void BeOutrun(SlotKey slot)
    {
        if (_outrun is { } outrun)
        {
            _outrun = null;
            var rival = _rivals.FillNow(slot);
            Time.Schedule(outrun.ReplacedAfter, () =>
            {
                Chain.Reorganise(
                    Chain.Options.MaxReorganisation,
                    sender => sender == rival ? TransactionFate.Lost : TransactionFate.Kept);
            });
        }
    }

    private void BeSilent(TimeSpan span)
    {
        Market.BeSilent(span);
        Keeper.Silence = (Time.Now, Time.Now + span);
    }

    private void FillDisk(DiskFilled act)
    {
        foreach (var port in new[] { Port.Download, Port.StorageCalls, Port.Store })
        {
            _troubles.Begin(new Troubled(act.At, act.Span, port, Trouble.DiskFull, 100, 0));
        }
    }

    private void Crash(Crashed crashed)
    {
        if (Process is not { } process)
        {
            return;
        }

        if (crashed.OnCall is { } call)
        {
            process.DieIn(call, crashed.IsAfterCall, dying => Kill(dying, crashed));
        }
        else
        {
            Kill(process, crashed);
        }
    }

    private void Kill(Process process, Crashed crashed)
    {
        Story.Tell("provider", "", $"dies");
        process.Die();
        _dead.Add(process);
        Memory.LoseWhatIsNotWritten();
        Store.Crash(crashed.KeepsWrites);
        Process = null;
        Keeper.DownUntil = Time.Now + crashed.Downtime;
        Time.Schedule(crashed.Downtime, Start);
    }
}
