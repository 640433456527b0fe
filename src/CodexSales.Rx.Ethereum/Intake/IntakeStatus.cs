namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The state of an intake; suspects a node with which it comes no further. Lives on the scheduler.</summary>
internal sealed class IntakeStatus
{
    private readonly Latest<IntakeHealth> _health;
    private readonly IRpcLink _link;
    private readonly TimeSpan _stallAfter;
    private readonly IScheduler _scheduler;
    private readonly MissingPast _missing = new();

    // Nodes that were suspected and brought no news since are not waited for twice.
    private readonly HashSet<string> _useless = [];
    private string? _problem = "No block was read yet.";
    private string? _linkNotice;
    private DateTimeOffset _advancedAt;
    private DateTimeOffset _suspectedAt;

    public IntakeStatus(IRpcLink link, TimeSpan stallAfter, IScheduler scheduler)
    {
        (_link, _stallAfter, _scheduler) = (link, stallAfter, scheduler);
        Random = new Random((int)(scheduler.Now.Ticks & int.MaxValue));
        _health = new Latest<IntakeHealth>(new IntakeHealth(
            link.State.Endpoint, link.State.Reconnects, null, null, null, 0, _problem));
    }

    public Random Random { get; }

    public IObservable<IntakeHealth> Values => _health.Values;

    /// <summary>The node that is asked, by a name without secrets.</summary>
    public string Endpoint => _link.State.Endpoint;

    public int Endpoints => _link.Endpoints.Count;

    /// <summary>For how long there was no block whose events could be told.</summary>
    public TimeSpan Standstill => _scheduler.Now - _advancedAt;

    /// <summary>Whether the node that is asked is one of several, and brought no news since it was suspected.</summary>
    public bool IsUseless => Endpoints > 1 && _useless.Contains(Endpoint);

    /// <summary>Notes that it begins, or has come further.</summary>
    public void Advance()
    {
        _advancedAt = _suspectedAt = _scheduler.Now;
        _useless.Remove(Endpoint);
    }

    public void SeeHead(BlockStamp head) => Set(_health.Value with { Head = head });

    public void Tell(BlockStamp block)
    {
        if (block != _health.Value.Told)
        {
            Advance();
        }

        Set(_health.Value with { Told = block, Progress = null });
    }

    public void Progress(IntakeProgress progress)
    {
        Advance();
        Set(_health.Value with { Progress = progress });
    }

    /// <summary>Tells a problem. After a long one another node may do better.</summary>
    public void ReportProblem(string problem)
    {
        _problem = problem;
        Refresh();
        if (_scheduler.Now - _suspectedAt >= _stallAfter || (IsUseless && _suspectedAt == _advancedAt))
        {
            _suspectedAt = _scheduler.Now;
            _useless.Add(Endpoint);
            _link.Suspect(problem);
        }
    }

    public void Solved()
    {
        _problem = null;
        Refresh();
    }

    public void CountUndecodable(string reason)
    {
        _problem = $"A log of the contract can't be decoded; is it another contract? {reason}";
        Set(_health.Value with { Undecodable = _health.Value.Undecodable + 1 });
    }

    /// <summary>Tells a finding that holds nothing up.</summary>
    public void Notice(string sentence) => Set(_health.Value with { Notice = sentence });

    public (ulong From, ulong To)? FindMissing(ulong number) => _missing.Find(number);

    public void Miss(Action<MissingPast> change)
    {
        change(_missing);
        Set(_health.Value with { Missing = _missing.Sentences });
    }

    public void Refresh() => Set(_health.Value);

    private void Set(IntakeHealth health)
    {
        var link = _link.State;
        var isOld = health.Notice == _linkNotice;
        health = health with
        {
            Endpoint = link.Endpoint,
            Reconnects = link.Reconnects,
            Problem = _problem ?? link.Problem,
            Notice = link.Notice != _linkNotice && (isOld || link.Notice is not null) ? link.Notice : health.Notice,
        };
        _linkNotice = link.Notice;
        if (health != _health.Value)
        {
            _health.Value = health;
        }
    }
}
