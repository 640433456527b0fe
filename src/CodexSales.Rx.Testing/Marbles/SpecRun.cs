using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Plays a specification: the pipeline on virtual time, between ports that follow its lanes.</summary>
internal sealed class SpecRun : IDisposable
{
    private readonly MarbleSpec _spec;
    private readonly VirtualTime _time = new();
    private readonly OpenCalls _open = new();
    private readonly OrderedDictionary<AvailabilityId, Availability> _availabilities = [];
    private readonly ScriptedSales? _scripts;
    private readonly List<(AvailabilityId Id, Task<LedgerAnswer> Answer)> _edits = [];
    private PipelineWatch? _watch;

    public SpecRun(MarbleSpec spec)
    {
        _spec = spec;
        Log = new LaneLog(_time, spec.Ruler);
        Names = SlotNames.Of(spec);
        Contract = new ScriptedContract(_time, Names) { PeriodSeconds = spec.ProofPeriodSeconds };
        _scripts = spec.IsAgentLevel ? null : new ScriptedSales(spec, _time, Contract, Names);
        Market = new ScriptedMarket(_time, Contract, _open)
        {
            FinalitySeconds = spec.FinalitySeconds, Scripts = _scripts, Sent = NoteCall,
        };
        Storage = new ScriptedStorage(_open) { Scripts = _scripts, Called = NoteCall };
        Prover = new ScriptedProver(_open) { Called = NoteCall };
    }

    public SlotNames Names { get; }

    public ScriptedContract Contract { get; }

    public ScriptedMarket Market { get; }

    public ScriptedStorage Storage { get; }

    public ScriptedProver Prover { get; }

    public SalesPipeline? Pipeline => _watch?.Pipeline;

    public LaneLog Log { get; }

    /// <summary>Causes, reasons and troubles that the run came across.</summary>
    public HashSet<string> Marks { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>Plays all columns, stops the pipeline, and looks at what is left of it.</summary>
    public void Play()
    {
        // Scheduled before anything else, so at each instant the inputs come first.
        foreach (var placed in _spec.Inputs)
        {
            _time.Schedule(VirtualTime.Start + _spec.Ruler.StartOf(placed.Column), () => Play(placed));
        }

        Start();
        for (var column = 0; column < _spec.Ruler.Length; column++)
        {
            _time.AdvanceTo(VirtualTime.Start + _spec.Ruler.StartOf(column));
            NoteRefusals();
            _watch?.Check();
        }

        _time.AdvanceTo(VirtualTime.Start + _spec.Ruler.End - TimeSpan.FromTicks(1));
        _watch?.Check();
        Stop();
        _scripts?.Dispose();
        Problems.AddRange(_open.Names.Select(name => $"after the end there is still {name}"));
        if (_time.PendingCount > 0)
        {
            Problems.Add($"after the end {_time.PendingCount} timers are pending");
        }
    }

    public void Dispose()
    {
        Stop();
        Market.Dispose();
        Storage.Dispose();
        Prover.Dispose();
    }

    /// <summary>Runs another pipeline, with the same account and disk and the availabilities as they were.</summary>
    public void Start()
    {
        if (_watch is null)
        {
            var pipeline = MakePipeline();
            _watch = new PipelineWatch(pipeline, Names, Log, Marks, Problems) { Started = StartScript };
            foreach (var availability in _availabilities.Values)
            {
                pipeline.Availabilities.SaveAsync(availability);
            }

            _watch.Run();
        }
    }

    /// <summary>The pipeline is disposed of while it works: its workers are gone.</summary>
    public void StopAtWork()
    {
        _watch?.NoteStopped();
        Stop();
    }

    /// <summary>Lane "late" tells what a subscriber sees that comes now.</summary>
    public void WatchQueueOnceMore() => _watch?.WatchQueue("late");

    public void Save(Availability availability)
    {
        _availabilities[availability.Id] = availability;
        Edit(availability.Id, ledger => ledger.SaveAsync(availability));
    }

    public void Remove(AvailabilityId id)
    {
        _availabilities.Remove(id);
        Edit(id, ledger => ledger.RemoveAsync(id));
    }

    private SalesPipeline MakePipeline()
    {
        try
        {
            return new SalesPipeline(Market, Storage, Prover, _spec.Options, _time);
        }
        catch (ArgumentException outOfRange) when (_spec.OptionsText is { } options)
        {
            throw options.Error(outOfRange.Message);
        }
    }

    private void Stop()
    {
        _watch?.Dispose();
        _watch?.Pipeline.Dispose();
        _watch = null;
    }

    private void Play(PlacedInput placed)
    {
        try
        {
            placed.Input.Play(this);
        }
        catch (TooEarlyException tooEarly)
        {
            throw placed.At.Error(tooEarly.Message);
        }
    }

    private void Edit(AvailabilityId id, Func<AvailabilityLedger, Task<LedgerAnswer>> edit)
    {
        if (Pipeline is { } pipeline)
        {
            _edits.Add((id, edit(pipeline.Availabilities)));
        }
    }

    private void NoteRefusals()
    {
        foreach (var (id, answer) in _edits.Where(edit => edit.Answer.IsCompleted))
        {
            if (answer.GetAwaiter().GetResult() is LedgerRefused)
            {
                Log.SayOn("books", id.ToString(), "refused");
            }
        }

        _edits.RemoveAll(edit => edit.Answer.IsCompleted);
    }

    private void StartScript(SlotKey slot)
    {
        if (_scripts?.Start(slot) is { } problem)
        {
            Problems.Add($"column {Log.Column}: {problem}");
        }
    }

    private void NoteCall(string name, SlotKey slot)
    {
        Log.SayOn("calls", Names.NameOf(slot), name);
        if (name == "clear")
        {
            _watch?.NoteCleared(slot);
        }
    }
}
