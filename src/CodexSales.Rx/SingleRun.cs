using CodexSales.Rx.Selling;
using CodexSales.Rx.Threading;

namespace CodexSales.Rx;

/// <summary>
/// The one run of a pipeline: begun by the first who subscribes, ended once, by whatever comes first. Afterwards its observer
/// hears nothing more, and the core lets go of all that was in flight.
/// </summary>
/// <param name="core">Where everything is decided.</param>
/// <param name="sell">The sales.</param>
/// <param name="report">Told of what the observer has thrown.</param>
internal sealed class SingleRun(Core core, IObservable<SaleStep> sell, Action<Exception> report)
    : IObservable<SaleStep>, IObserver<SaleStep>, IDisposable
{
#pragma warning disable CA2213 // Disposed of on the core, which the rule does not see.
    private readonly SingleAssignmentDisposable _selling = new();
#pragma warning restore CA2213
    private IObserver<SaleStep>? _observer;
    private int _begun;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<SaleStep> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (Interlocked.Exchange(ref _begun, 1) == 1)
        {
            observer.OnError(_selling.IsDisposed
                ? new ObjectDisposedException(nameof(SalesPipeline), "The pipeline's run is over: make another pipeline.")
                : new InvalidOperationException("A pipeline runs once: make another one."));
            return Disposable.Empty;
        }

        _observer = observer;
        core.TellFailures(IsTold);
        core.Enter(() => _selling.Disposable = sell.Subscribe(this));
        return Disposable.Create(() => End());
    }

    /// <summary>The pipeline is disposed of: the run is complete, and none begins any more.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref _begun, 1);
        var observer = End();
        core.Follow(() => observer?.OnCompleted());
    }

    /// <summary>A step; what the observer throws ends the run, and is its error.</summary>
    public void OnNext(SaleStep value)
    {
        try
        {
            Volatile.Read(ref _observer)?.OnNext(value);
        }
        catch (Exception thrown)
        {
            report(thrown);
            OnError(thrown);
        }
    }

    /// <summary>Sales have ended with an error: a bug, or events that can't be trusted.</summary>
    public void OnError(Exception error) => IsTold(error);

    /// <summary>Never: the market's events don't end.</summary>
    public void OnCompleted()
    {
    }

    private bool IsTold(Exception error)
    {
        var observer = End();
        observer?.OnError(error);
        return observer is not null;
    }

    private IObserver<SaleStep>? End()
    {
        var observer = Interlocked.Exchange(ref _observer, null);
        core.Follow(() => _selling.Dispose());
        return observer;
    }
}
