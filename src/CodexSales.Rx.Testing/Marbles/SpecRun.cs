using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>
/// Plays a specification: the real pipeline on virtual time, between ports that do what the lanes and scripts say.
/// </summary>
internal sealed class SpecRun : IDisposable
{
    private readonly MarbleSpec _spec;
    private readonly VirtualTime _time = new();
    private readonly OpenCalls _open = new();
    private readonly OrderedDictionary<AvailabilityId, Availability> _availabilities = [];
    private readonly SlotNames _names;
    private readonly ScriptedContract _contract;
    private readonly ScriptedMarket _market;
    private readonly ScriptedStorage _storage;
    private readonly ScriptedProver _prover;
    private readonly ScriptedSales? _scripts;
    private readonly List<(AvailabilityId Id, Task<LedgerAnswer> Answer)> _edits = [];
    private PipelineWatch? _watch;

    public SpecRun(MarbleSpec spec)
    {
        _spec = spec;
        Log = new LaneLog(_time, spec.Ruler);
        _names = SlotNames.Of(spec);
        _contract = new ScriptedContract(_time, _names) { PeriodSeconds = spec.ProofPeriodSeconds };
        _scripts = spec.IsAgentLevel ? null : new ScriptedSales(spec, _time, _contract, _names);
        _market = new ScriptedMarket(_time, _contract, _open)
        {
            FinalitySeconds = spec.FinalitySeconds, Scripts = _scripts, Sent = NoteCall,
        };
        _storage = new ScriptedStorage(_open) { Scripts = _scripts, Called = NoteCall };
        _prover = new ScriptedProver(_open) { Called = NoteCall };
    }

    public LaneLog Log { get; }

    /// <summary>What the run came across: causes, reasons, troubles.</summary>
    public HashSet<string> Marks { get; } = [];

    /// <summary>What must never be, and was.</summary>
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
        _market.Dispose();
        _storage.Dispose();
        _prover.Dispose();
    }

    private void Start()
    {
        if (_watch is null)
        {
            var pipeline = MakePipeline();
            _watch = new PipelineWatch(pipeline, _names, Log, Marks, Problems) { Started = StartScript };
            foreach (var availability in _availabilities.Values)
            {
                pipeline.Availabilities.SaveAsync(availability);
            }

            _watch.Run();
        }
    }

    private SalesPipeline MakePipeline()
    {
        try
        {
            return new SalesPipeline(_market, _storage, _prover, _spec.Options, _time);
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
        switch (placed.Input)
        {
            case AvailabilityInput { Availability: var availability }:
                _availabilities[availability.Id] = availability;
                Edit(availability.Id, ledger => ledger.SaveAsync(availability));
                break;
            case RemovedInput { Id: var id }:
                _availabilities.Remove(id);
                Edit(id, ledger => ledger.RemoveAsync(id));
                break;
            case HostInput host:
                Do(host);
                break;
            case RpcInput { IsLost: var isLost }:
                _market.SetConnection(isLost);
                break;
            case EventsInput { AreLate: var areLate }:
                _market.SetEvents(areLate);
                break;
            case PortInput { Port: ScriptedPort.Storage, Mode: var mode }:
                _storage.Set(mode);
                break;
            case PortInput { Port: ScriptedPort.Prover, Mode: var mode }:
                _prover.Set(mode);
                break;
            case PortInput { Port: var transaction, Mode: var mode }:
                _market.Set(transaction, mode);
                break;
            case WrittenInput { Bytes: var bytes }:
                _storage.Write(bytes);
                break;
            case ProofsInput { AreWanted: var areWanted }:
                _contract.AreProofsWanted = areWanted;
                break;
            case var happened:
                Happen(happened, placed.At);
                break;
        }
    }

    private void Edit(AvailabilityId id, Func<AvailabilityLedger, Task<LedgerAnswer>> edit)
    {
        if (_watch is { Pipeline.Availabilities: var ledger })
        {
            _edits.Add((id, edit(ledger)));
        }
    }

    private void Happen(MarbleInput happened, Fragment at)
    {
        try
        {
            _contract.Play(happened);
        }
        catch (InvalidOperationException tooEarly)
        {
            throw at.Error(tooEarly.Message);
        }
    }

    private void Do(HostInput host)
    {
        switch (host.Command)
        {
            case HostCommand.Start:
                Start();
                break;
            case HostCommand.Stop:
                _watch?.NoteStopped();
                Stop();
                break;
            case HostCommand.Subscribe:
                _watch?.WatchQueue("late");
                break;
            case HostCommand.Pause:
                _watch?.Pipeline.Workers.Pause();
                break;
            case HostCommand.Resume:
                _watch?.Pipeline.Workers.Resume();
                break;
            case HostCommand.Workers:
                _watch?.Pipeline.Workers.SetLimit(host.Number);
                break;
            case HostCommand.Queue:
                _watch?.Pipeline.Queue.SetCapacity(host.Number);
                break;
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
        Log.SayOn("calls", _names.NameOf(slot), name);
        if (name == "clear")
        {
            _watch?.NoteCleared(slot);
        }
    }
}
