namespace CodexSales.Rx.Resilience;

/// <summary>Which ports fail, and for how long.</summary>
/// <remarks>Written on the core scheduler, read from any thread.</remarks>
internal sealed class PortWatch(IScheduler core)
{
    private readonly FailingPort?[] _failing = new FailingPort?[Enum.GetValues<HostPort>().Length];
    private readonly TimeSpan[] _failedAt = new TimeSpan[Enum.GetValues<HostPort>().Length];
    private readonly IStopwatch _watch = core.StartStopwatch();

    /// <summary>The ports that fail, in the order of <see cref="HostPort"/>.</summary>
    public IReadOnlyList<FailingPort> Failing => [.. _failing.OfType<FailingPort>()];

    public FailingPort? this[HostPort port] => _failing[(int)port];

    /// <summary>How long ago a port failed last. Only of one that fails.</summary>
    public TimeSpan SinceFailure(HostPort port) => _watch.Elapsed - _failedAt[(int)port];

    public void NoteWorks(HostPort port) => _failing[(int)port] = null;

    public void NoteFailure(HostPort port, string error)
    {
        var before = _failing[(int)port];
        _failing[(int)port] = new FailingPort(port, (before?.Failures ?? 0) + 1, error, before?.Since ?? core.Now);
        _failedAt[(int)port] = _watch.Elapsed;
    }
}
