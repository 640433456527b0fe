using System.Runtime.ExceptionServices;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Threading;

namespace CodexSales.Rx;

/// <summary>The one run of a pipeline: started once, ended once, by whatever comes first. Afterwards nobody hears a
/// step any more, and the core lets go of all that was in flight.</summary>
/// <param name="core">Where everything is decided.</param>
/// <param name="sell">The sales.</param>
/// <param name="report">Told of what an observer has thrown.</param>
internal sealed class SingleRun(Core core, IObservable<SaleStep> sell, Action<Exception> report) : IObserver<SaleStep>, IDisposable
{
    private readonly Publication<SaleStep> _steps = new(core, report);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
#pragma warning disable CA2213 // Disposed of on the core, which the rule does not see.
    private readonly SingleAssignmentDisposable _selling = new();
#pragma warning restore CA2213
    private volatile bool _isCompletionKnown;
    private volatile bool _isOver;
    private int _begun;

    /// <summary>The steps of all sales, hot.</summary>
    public IObservable<SaleStep> Steps => _steps;

    /// <summary>The end: with the error that ended it, or without one when the pipeline was disposed of.</summary>
    public Task Completion
    {
        get
        {
            _isCompletionKnown = true;
            return _completion.Task;
        }
    }

    /// <summary>Begins to sell.</summary>
    /// <param name="giveUp">Ends the pipeline where the token is cancelled before it has started.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <returns>Completes once <see cref="NoteStarted"/> says so.</returns>
    public Task StartAsync(Action giveUp, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        if (core.IsClosed)
        {
            return Task.FromException(Disposed());
        }

        if (Interlocked.Exchange(ref _begun, 1) == 1)
        {
            return Task.FromException(new InvalidOperationException("A pipeline starts once: make another one."));
        }

        core.TellFailures(IsTold);
        core.Enter(() => _selling.Disposable = sell.Subscribe(this));
        var givingUp = cancellationToken.UnsafeRegister(
            (_, token) =>
            {
                if (_started.TrySetCanceled(token))
                {
                    giveUp();
                }
            },
            null);
        _started.Task.ContinueWith(
            _ => givingUp.Unregister(), default, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return _started.Task;
    }

    /// <summary>The market is listened to.</summary>
    public void NoteStarted() => _started.TrySetResult();

    /// <summary>The pipeline is disposed of: no step is told any more.</summary>
    public void Dispose()
    {
        _isOver = true;
        _started.TrySetException(Disposed());
        core.Follow(() =>
        {
            _selling.Dispose();
            _steps.Complete();
        });
        core.WhenReleased(() => _completion.TrySetResult());
    }

    public void OnNext(SaleStep value)
    {
        if (!_isOver)
        {
            _steps.Tell(value);
        }
    }

    /// <summary>Sales have ended with an error: a bug, or events that can't be trusted. Loud where nobody would hear of it.</summary>
    public void OnError(Exception error)
    {
        if (!IsTold(error))
        {
            core.Follow(ExceptionDispatchInfo.Capture(error).Throw);
        }
    }

    /// <summary>Never: the market's events don't end.</summary>
    public void OnCompleted()
    {
    }

    private static ObjectDisposedException Disposed() => new(nameof(SalesPipeline));

    private bool IsTold(Exception error)
    {
        if (_isOver)
        {
            return false;
        }

        _isOver = true;
        core.Follow(_selling.Dispose);
        var isHeard = _isCompletionKnown | _started.TrySetException(error) | _steps.Fail(error);
        core.Follow(() =>
        {
            _completion.TrySetException(error);

            // The error was told by one of the three; without this line the tasks would report it once more as unobserved.
            _ = (_started.Task.Exception, _completion.Task.Exception);
        });
        return isHeard;
    }
}
