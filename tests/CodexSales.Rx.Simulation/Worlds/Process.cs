using System.Globalization;
using System.Reactive.Concurrency;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing.Ports;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>
/// One life of the provider's program: the real pipeline behind ports that a crash cuts off, in the middle of a call if
/// need be.
/// </summary>
internal sealed class Process
{
    private readonly World _world;
    private readonly IDisposable _steps;
    private readonly HashSet<object> _failedAside = [];
    private (string Call, bool IsAfter, Action<Process> Die)? _fate;

    public Process(World world, int number)
    {
        (_world, Number) = (world, number);
        Scheduler = new SchedulerLedger(world.Clock);
        Market = new ProcessMarket(this, world.Market, world);
        Disk = new ProcessStore(this, world.Store);
        Pipeline = new SalesPipeline(
            Market,
            new ProcessStorage(this, world.Storage, world),
            new ProcessProver(this, world.Prover, world),
            world.Scenario.Settings.Pipeline,
            Scheduler,
            Disk);
        Pipeline.Troubles.Subscribe(Note);
        Pipeline.Queue.Connect().AssertChangeSets(new SlotOrder()).Subscribe();
        Pipeline.Sales.Connect().AssertChangeSets().Subscribe();
        Pipeline.Availabilities.Connect().AssertChangeSets().Subscribe();
        Inspector = new Checks.Inspector(world, this);
        _steps = Pipeline.Steps.AssertRxContract().Subscribe(Note, error => Failure = error);
        _ = Pipeline.StartAsync();
    }

    /// <summary>Which life it is, from 1.</summary>
    public int Number { get; }

    public bool IsAlive { get; private set; } = true;

    public SchedulerLedger Scheduler { get; }

    public SalesPipeline Pipeline { get; }

    public ProcessMarket Market { get; }

    public ProcessStore Disk { get; }

    public Checks.Inspector Inspector { get; }

    public Exception? Failure { get; private set; }

    /// <summary>Lets it die at the next call of a name.</summary>
    public void DieIn(string call, bool isAfter, Action<Process> die) => _fate = (call, isAfter, die);

    /// <summary>From this very moment nothing of it reaches anybody.</summary>
    public void Die()
    {
        IsAlive = false;
        _world.Time.Schedule(() =>
        {
            _steps.Dispose();
            Pipeline.Dispose();
        });
    }

    /// <summary>Lets a call out of the process, or not: then its answer never comes.</summary>
    public Task<T> Call<T>(string name, SlotKey? slot, Func<Task<T>> call)
    {
        if (!IsAlive)
        {
            return new TaskCompletionSource<T>().Task;
        }

        if (_fate is not { } fate || fate.Call != name)
        {
            return call();
        }

        _world.Story.Tell(
            "crash", slot is { } key ? _world.Names.Of(key) : "",
            $"{(fate.IsAfter ? "after" : "before")} {name}");
        _fate = null;
        if (fate.IsAfter)
        {
            _ = call();
        }

        fate.Die(this);
        return new TaskCompletionSource<T>().Task;
    }

    /// <summary>Notes whether a port works. An answer that comes after it was given up is none.</summary>
    /// <param name="port">The port.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellation">Says that it was given up.</param>
    /// <param name="aside">
    /// What says only of itself that it works, deleting or keeping some data, where other data can't be stored; null of others.
    /// </param>
    public async Task<T> Watch<T>(HostPort port, Task<T> call, CancellationToken cancellation, object? aside = null)
    {
        try
        {
            var answer = await call;
            if (!cancellation.IsCancellationRequested && (aside is null || _failedAside.Remove(aside)))
            {
                Inspector.Restraint.Note(port, hasFailed: false);
            }

            return answer;
        }
        catch (Exception)
        {
            _ = aside is not null && _failedAside.Add(aside);
            Inspector.Restraint.Note(port, hasFailed: true);
            throw;
        }
    }

    // A cache detaches a subscriber that throws, and reports it.
    private void Note(SaleTrouble trouble)
    {
        _world.Story.Tell("trouble", "", $"{trouble.Error.GetType().Name}: {trouble.Error.Message}");
        if (trouble.Error is ContractViolationException)
        {
            _world.Verdict.Break("contract", $"{trouble.Error.Message}");
        }
    }

    private static string Missed(SaleStep step) =>
        step.MissedProofs > 0 ? string.Create(CultureInfo.InvariantCulture, $", {step.MissedProofs} missed") : "";

    private static string End(SaleStep step) => step.End is { } end
        ? $", end: {end.Reason}, earned {end.Earned}, lost {end.CollateralLost} ({end.Detail})"
        : "";

    private void Note(SaleStep step)
    {
        if (!IsAlive)
        {
            return;
        }

        _world.Story.Tell(
            "sale",
            _world.Names.Of(step.Sale.Slot),
            $"#{step.Sale.Number} {step.State}{Missed(step)}{End(step)}");
        Inspector.Note(step);
        _world.Keeper.Note(step);
    }
}
