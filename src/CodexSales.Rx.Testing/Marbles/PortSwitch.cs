using System.Reactive.Threading.Tasks;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>The way in which one port works now, and a way to wait until it answers.</summary>
internal sealed class PortSwitch : IDisposable
{
    private readonly BehaviorSubject<PortMode> _mode = new(PortMode.Works);

    /// <summary>Once, as soon as it is not stalled: how it works then.</summary>
    public IObservable<PortMode> Answers => _mode.Where(mode => mode != PortMode.Stalls).Take(1);

    public void Set(PortMode mode) => _mode.OnNext(mode);

    public Task<PortMode> AnswerAsync(CancellationToken cancellationToken) => Answers.ToTask(cancellationToken);

    public void Dispose() => _mode.Dispose();
}
