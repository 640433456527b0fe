using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>What the program tells of its sales: each begins once and ends once, and no slot has two.</summary>
internal sealed class SaleLives
{
    private readonly World _world;
    private readonly Process _process;
    private readonly Dictionary<long, Life> _running = [];
    private readonly Dictionary<SlotKey, long> _bySlot = [];
    private readonly HashSet<long> _over = [];
    private readonly Dictionary<long, SaleRecord> _left;
    private readonly HashSet<long> _used;

    public SaleLives(World world, Process process)
    {
        (_world, _process) = (world, process);
        _left = world.Memory.Running.ToDictionary(sale => sale.Key, sale => sale.Value);
        _used = [.. world.Memory.Running.Keys, .. world.Memory.Past.Keys];
    }

    public IReadOnlyDictionary<long, Life> Running => _running;

    public long? SaleOf(SlotKey slot) => _bySlot.TryGetValue(slot, out var number) ? number : null;

    public void Note(SaleStep step)
    {
        var number = step.Sale.Number;
        if (_over.Contains(number))
        {
            _world.Verdict.Break("ends once", $"Sale {number} takes a step after its end: {step.State}.");
            return;
        }

        if (!_running.TryGetValue(number, out var life))
        {
            life = Begin(step);
        }

        life.Go(step, _world.Time.Now);
        if (step.End is not null)
        {
            End(step);
        }
    }

    /// <param name="pauses">How many slots wait for another try.</param>
    public void CheckMoment(int pauses)
    {
        var agents = _process.Pipeline.Sales.Count;
        if (agents != _running.Count)
        {
            _world.Verdict.Break("agents", $"{agents} sales are listed as running, and {_running.Count} are.");
        }

        // A few calls and deadlines for each sale, one for each pause, and a few for everything else.
        if (_process.Scheduler.PendingCount > 30 + (12 * _running.Count) + pauses)
        {
            _world.Verdict.Break("growth", $"{_process.Scheduler.PendingCount} timers for {_running.Count} sales.");
        }
    }

    private Life Begin(SaleStep step)
    {
        var number = step.Sale.Number;
        var isResumed = step.State == SaleStateName.SaleUnknown;
        if (!isResumed && (step.State != SaleStateName.SalePreparing || _used.Contains(number)))
        {
            _world.Verdict.Break("numbers", $"Sale {number} begins with {step.State}, under a number that was used.");
        }

        if (_bySlot.TryGetValue(step.Sale.Slot, out var other))
        {
            _world.Verdict.Break(
                "one sale a slot",
                $"Sale {number} begins, and slot {_world.Names.Of(step.Sale.Slot)} has sale {other}.");
        }

        _bySlot[step.Sale.Slot] = number;
        var life = new Life(step.Sale, isResumed, _left.GetValueOrDefault(number));
        _running.Add(number, life);
        return life;
    }

    private void End(SaleStep step)
    {
        var number = step.Sale.Number;
        _running.Remove(number);
        _bySlot.Remove(step.Sale.Slot);
        _over.Add(number);
        if (!_world.Memory.Past.TryGetValue(number, out var past) || past.End != step.End)
        {
            _world.Verdict.Break("durable", $"Sale {number} is told to have ended, and the disk does not say so.");
        }

        if (_world.Storage.Stored.ContainsKey(step.Sale.Slot))
        {
            _world.Verdict.Break(
                "cleaned up",
                $"Sale {number} has ended, and data of {_world.Names.Of(step.Sale.Slot)} is left.");
        }
    }
}
