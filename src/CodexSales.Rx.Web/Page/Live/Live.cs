using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Web.Page.Live;

/// <summary>
/// Pictures of something that changes, made once for all who look, and none while nobody does. Whoever looks gets the newest one as soon
/// as it has drawn the last, so that a slow viewer misses some, and nobody waits for it.
/// </summary>
#pragma warning disable CA1001 // Its token's source has nothing to dispose of, and may be cancelled when it has ended.
internal abstract class Live<TPicture>
#pragma warning restore CA1001
    where TPicture : class
{
    private readonly Lock _gate = new();

    // Under the gate.
    private TaskCompletionSource _next = NewNext();
    private CancellationTokenSource? _making;
    private TPicture? _latest;
    private int _viewers;

    /// <summary>The newest picture, then each newer one until the viewer has gone.</summary>
    public async IAsyncEnumerable<TPicture> FollowAsync([EnumeratorCancellation] CancellationToken gone)
    {
        Enter();
        try
        {
            for (TPicture? seen = null; ;)
            {
                var (latest, next) = Look();
                if (latest is not null && latest != seen)
                {
                    yield return seen = latest;
                }
                else
                {
                    await next.WaitAsync(gone).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Makes pictures until nobody looks any more.</summary>
    protected abstract IAsyncEnumerable<TPicture> MakeAsync(CancellationToken nobodyLooks);

    private (TPicture? Latest, Task Next) Look()
    {
        lock (_gate)
        {
            return (_latest, _next.Task);
        }
    }

    private void Enter()
    {
        CancellationTokenSource? first = null;
        lock (_gate)
        {
            _viewers++;
            if (_making is null)
            {
                first = _making = new CancellationTokenSource();
                _next = NewNext();
            }
        }

        if (first is not null)
        {
            _ = ShowAsync(first);
        }
    }

    private void Leave()
    {
        CancellationTokenSource? last = null;
        lock (_gate)
        {
            if (--_viewers == 0)
            {
                (last, _making, _latest) = (_making, null, null);
            }
        }

        last?.Cancel();
    }

    private async Task ShowAsync(CancellationTokenSource making)
    {
        try
        {
            await foreach (var picture in MakeAsync(making.Token).ConfigureAwait(false))
            {
                Tell(making, next =>
                {
                    (_latest, _next) = (picture, NewNext());
                    next.TrySetResult();
                });
            }

            throw new InvalidOperationException("Pictures have ended while somebody looks.");
        }
        catch (OperationCanceledException) when (making.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        catch (Exception bug)
        {
            // To all who look. Who comes later tries anew.
            Tell(making, next =>
            {
                (_making, _latest) = (null, null);
                next.TrySetException(bug);
            });
        }
    }

    private void Tell(CancellationTokenSource making, Action<TaskCompletionSource> tell)
    {
        lock (_gate)
        {
            if (_making == making)
            {
                tell(_next);
            }
        }
    }

    private static TaskCompletionSource NewNext() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
