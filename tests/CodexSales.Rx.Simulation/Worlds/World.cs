using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Simulation.Checks;
using CodexSales.Rx.Simulation.Scenarios;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>A chain, its clients and hosts, and the provider on it: everything that a scenario happens to.</summary>
internal sealed partial class World : IDisposable
{
    public static readonly Address Us = Address.Parse("0x1111111111111111111111111111111111111111");
    private static readonly Address Faithful = Address.Parse("0x2222222222222222222222222222222222222222");

    private readonly Troubles _troubles;
    private readonly Rivals _rivals;
    private readonly CompetingHost? _competitor;
    private readonly List<Process> _dead = [];
    private readonly IDisposable _blocks;
    private Outrun? _outrun;
    private int _processes;
    private bool _isCalm;

    public World(Scenario scenario, bool isTold)
    {
        Scenario = scenario;
        Story = new Story(() => Time.Now, isTold);
        Verdict = new Verdict(() => Time.Elapsed);
        Clock = new ShiftedClock(Time);
        Chain = new SimulatedChain(Time, scenario.Settings.Chain);
        Market = Chain.ConnectHost(Us, scenario.Settings.Market);
        Storage = new SimulatedStorage(Time, scenario.Settings.Storage);
        Prover = new SimulatedProver(Time, scenario.Settings.ProofTime);
        Store = new SimulatedStore(Time, scenario.Settings.WriteTime);
        Memory = new DiskMemory(Store, Verdict);
        _troubles = new Troubles(Time);
        Market.Faults = call =>
            call.Name is "ReserveSlotAsync" or "FillSlotAsync" or "SubmitProofAsync" or "FreeSlotAsync"
            ? _troubles.OfTransaction()
            : _troubles.OfQuestion();
        Storage.Faults = call => _troubles.OfWork(call.Name == "Store" ? Port.Download : Port.StorageCalls);
        Prover.Faults = call =>
            Chain.GetHost(call.Slot) != Us && _troubles.OfWork(Port.FirstProofs) is not WorkFault.None and var fault
                ? fault
                : _troubles.OfWork(Port.Prover);
        Store.Faults = _troubles.OfWrite;
        _rivals = new Rivals(this);
        _competitor = scenario.Settings.Competitor is { } options ? new CompetingHost(Chain, Faithful, options) : null;
        Chain.Events.Subscribe(Note);
        Keeper = new Keeper(this, _troubles);
        _blocks = Chain.Heads.Subscribe(Keeper.Note);
        foreach (var act in scenario.Acts)
        {
            Time.Schedule(act.At, () => Begin(act));
        }

        Start();
    }

    public Scenario Scenario { get; }

    public VirtualTime Time { get; } = new(stepsPerMoment: 1_000_000);

    /// <summary>The wall clock of the provider's machine.</summary>
    public ShiftedClock Clock { get; }

    public Story Story { get; }

    public Verdict Verdict { get; }

    public Names Names { get; } = new();

    public SimulatedChain Chain { get; }

    public SimulatedMarket Market { get; }

    public SimulatedStorage Storage { get; }

    public SimulatedProver Prover { get; }

    public SimulatedStore Store { get; }

    /// <summary>What is on the disk.</summary>
    public DiskMemory Memory { get; }

    public SubscriptionLedger Subscriptions { get; } = new();

    /// <summary>What is ours on the chain, and what became of it.</summary>
    public Keeper Keeper { get; }

    /// <summary>The provider's program; null as long as it is down.</summary>
    public Process? Process { get; private set; }

    /// <summary>
    /// Whether a slot was filled in the last second of expiry, which is never paid nor given back, by a program that hears of
    /// blocks so late that its margin was gone.
    /// </summary>
    public bool IsLostByLag(SlotKey slot)
    {
        var (settings, record) = (Scenario.Settings, Chain.Contract.FindSlot(slot));
        return record?.FilledAt >= record?.Request.ExpiresAt
            && ((settings.Market.NodesBehind.Min() + 1) * settings.Chain.BlockSeconds)
                + settings.Market.TransactionLatency.TotalSeconds + settings.Market.CallLatency.TotalSeconds > 30;
    }

    /// <summary>
    /// Whether nothing can happen any more: no timer is left but that of the next block, and no sale that waits for one,
    /// nor a slot that may be sold.
    /// </summary>
    public bool IsOver => Time.PendingCount == Chain.TimerCount && Chain.IsQuiet && Memory.Running.Count == 0
        && Process?.Pipeline is { Sales.Count: 0, Queue.Count: 0 };

    /// <summary>Whether nothing happens any more but what follows from what has happened.</summary>
    public bool IsCalm => _isCalm;

    /// <summary>Nothing happens any more but what follows from what has happened.</summary>
    public void CalmDown()
    {
        _isCalm = true;
        _outrun = null;
        Story.Tell("world", "", $"calm");
        _troubles.End();
        BeSilent(TimeSpan.Zero);
        _competitor?.Dispose();
        if (Process is { } process)
        {
            process.DieIn("", false, _ => { });
            process.Pipeline.Workers.SetLimit(3);
            process.Pipeline.Workers.Resume();
        }
    }

    public void Dispose()
    {
        _blocks.Dispose();
        Process?.Die();
        _competitor?.Dispose();
        Store.Dispose();
        Chain.Dispose();
    }

    /// <summary>What has died has left nothing that still waits.</summary>
    public void CheckDead()
    {
        foreach (var dead in _dead)
        {
            if (dead.Scheduler.PendingCount != 0)
            {
                Verdict.Break(
                    "no timer left",
                    $"The program died, and {dead.Scheduler.PendingCount} of its timers are left.");
            }
        }

        if (_dead.Count > 0 && Process is null && Subscriptions.LiveCount > 0)
        {
            Verdict.Break(
                "no subscription left",
                $"The program died, and {Subscriptions.LiveCount} of its subscriptions are left.");
        }

        _dead.Clear();
    }

    private void Start()
    {
        Story.Tell("provider", "", $"starts, {Store.Load().Sales.Count} sales on its disk");
        Process = new Process(this, ++_processes);
    }

    private void Note(MarketEvent happened) => Story.Tell("chain", "", $"{Describe(happened)}");

    private string Describe(MarketEvent happened) => happened switch
    {
        StorageRequested e => $"{Names.Of(e.RequestId)} StorageRequested",
        SlotFilled e => $"{Names.Of(e.Slot)} SlotFilled by {(Chain.GetHost(e.Slot) == Us ? "us" : "another")}",
        SlotFreed e => $"{Names.Of(e.Slot)} SlotFreed",
        SlotReservationsFull e => $"{Names.Of(e.Slot)} SlotReservationsFull",
        RequestFulfilled e => $"{Names.Of(e.RequestId)} RequestFulfilled",
        RequestCancelled e => $"{Names.Of(e.RequestId)} RequestCancelled",
        RequestFailed e => $"{Names.Of(e.RequestId)} RequestFailed",
        Reverted e => $"Reverted: {Describe(e.Original)}",
        _ => happened.GetType().Name,
    };
}
