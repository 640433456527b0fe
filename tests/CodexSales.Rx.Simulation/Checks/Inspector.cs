using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Simulation.Worlds;

namespace CodexSales.Rx.Simulation.Checks;

/// <summary>Watches one life of the provider's program: everything that it is told, does and says.</summary>
internal sealed class Inspector
{
    private readonly World _world;
    private readonly Process _process;
    private readonly SaleLives _lives;
    private readonly Deeds _deeds;
    private readonly QueueModel _queue;
    private readonly Books _books;
    private readonly Restraint _restraint;
    private readonly Workforce _workforce;
    private readonly GivenUp _givenUp;
    private readonly Dictionary<AvailabilityId, Task<LedgerAnswer>> _edits = [];
    private readonly List<(AvailabilityId Id, Task<LedgerAnswer> Answer)> _unanswered = [];

    public Inspector(World world, Process process)
    {
        (_world, _process) = (world, process);
        _lives = new SaleLives(world, process);
        _deeds = new Deeds(world, process);
        _queue = new QueueModel(world, process);
        _books = new Books(world, process);
        _restraint = new Restraint(world, process);
        _workforce = new Workforce(world, process, _deeds, _restraint);
        _givenUp = new GivenUp(world, process);
    }

    /// <summary>What keeps the program from new risks.</summary>
    public Restraint Restraint => _restraint;

    public void Note(MarketEvent happened)
    {
        _queue.Note(happened);
        _restraint.Note(happened);
    }

    public void Note(SaleStep step)
    {
        _lives.Note(step);
        _queue.Note(step);
        _deeds.Note(step);
        _restraint.Note(step);
        _givenUp.Note(step);
    }

    /// <summary>The sale of a slot, as far as the program has told; null when it has none.</summary>
    public long? SaleOf(SlotKey slot) => _lives.SaleOf(slot);

    /// <summary>Whether a slot could be sold now, for all that the program was told.</summary>
    public bool CanSell(SlotKey slot) => _queue.CanSell(slot);

    public Sent Send(string name, SlotKey slot, ulong? period) => _deeds.Send(name, slot, _lives.SaleOf(slot), period);

    public void Download(SlotKey slot) => _deeds.Download(slot, _lives.SaleOf(slot));

    public Clearing Clear(SlotKey slot) => _deeds.Clear(slot, _lives.SaleOf(slot));

    /// <summary>An edit that was answered is on the disk, unless a later one has come since.</summary>
    public void Edit(AvailabilityId id, Task<LedgerAnswer> edit)
    {
        _edits[id] = edit;
        _unanswered.Add((id, edit));
    }

    /// <summary>What holds after all that was due at a moment has run.</summary>
    public void CheckMoment()
    {
        if (_process.Failure is { } failure)
        {
            _world.Verdict.Break("no bug", $"The pipeline ended: {failure.GetType().Name}: {failure.Message}");
        }

        foreach (var (id, answered) in _unanswered.Where(edit => _process.IsAlive && edit.Answer.IsCompletedSuccessfully))
        {
            _world.Story.Tell("answer", "", $"'{id}': {answered.GetAwaiter().GetResult()}");
            CheckDurable(id, answered);
        }

        _unanswered.RemoveAll(edit => edit.Answer.IsCompleted);
        _lives.CheckMoment(_queue.CountPauses());
        _books.CheckMoment(_lives);
        _workforce.CheckMoment(_lives);
        if (_process.Market.IsHeard)
        {
            _queue.CheckMoment();
            _givenUp.CheckMoment();
        }
    }

    /// <summary>What holds once everything has come to its end.</summary>
    public void CheckEnd()
    {
        _books.CheckEnd();
        _workforce.CheckEnd();
    }

    private void CheckDurable(AvailabilityId id, Task<LedgerAnswer> edit)
    {
        var balance = _process.Pipeline.Availabilities.Snapshot.FirstOrDefault(balance => balance.Availability.Id == id);
        var stored = _world.Memory.Availabilities.GetValueOrDefault(id);

        // One that drains may be gone with its last sale since, and that be on its way to the disk.
        var isGone = balance is null && stored is { IsDraining: true };
        if (ReferenceEquals(_edits[id], edit)
            && edit.GetAwaiter().GetResult() is LedgerChanged
            && !isGone
            && stored?.Availability != balance?.Availability)
        {
            _world.Verdict.Break("durable", $"The edit of '{id}' is answered, and not on the disk.");
        }
    }
}
