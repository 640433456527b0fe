namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Lets messages to a node through in order: so many at once, and so many a second. Any thread.</summary>
internal sealed class RpcGate(RpcOptions options, IScheduler scheduler)
{
    private readonly Lock _lock = new();
    private readonly Queue<(TaskCompletionSource Entry, int Questions)> _waiting = [];
    private int _inside;
    private DateTimeOffset _freeAt = DateTimeOffset.MinValue;
    private bool _isTimed;
    private bool _isAdmitting;

    /// <summary>Waits for the turn of a message. After it comes <see cref="Leave"/>.</summary>
    public Task EnterAsync(int questions, CancellationToken cancellationToken)
    {
        var entry = new TaskCompletionSource();
        lock (_lock)
        {
            _waiting.Enqueue((entry, questions));
        }

        Admit();
        return entry.Task.IsCompleted ? entry.Task : WaitAsync(entry, cancellationToken);
    }

    public void Leave()
    {
        lock (_lock)
        {
            _inside--;
        }

        Admit();
    }

    private static async Task WaitAsync(TaskCompletionSource entry, CancellationToken cancellationToken)
    {
        using var registration = cancellationToken.Register(() => entry.TrySetCanceled(cancellationToken));
        await entry.Task.ConfigureAwait(false);
    }

    // A message that is let in may leave at once, inside of this call: then the loop below takes up the next one.
    private void Admit()
    {
        lock (_lock)
        {
            if (_isAdmitting)
            {
                return;
            }

            _isAdmitting = true;
        }

        while (TryTakeNext() is { } entry)
        {
            if (!entry.TrySetResult())
            {
                // It was cancelled while it waited.
                lock (_lock)
                {
                    _inside--;
                }
            }
        }
    }

    private TaskCompletionSource? TryTakeNext()
    {
        lock (_lock)
        {
            var now = scheduler.Now;
            _isAdmitting = _waiting.Count > 0 && _inside < options.MaxConcurrent && now >= _freeAt;
            if (!_isAdmitting)
            {
                if (_waiting.Count > 0 && now < _freeAt)
                {
                    WakeAt(_freeAt);
                }

                return null;
            }

            var (entry, questions) = _waiting.Dequeue();
            _inside++;
            if (options.MaxPerSecond is { } rate && !entry.Task.IsCompleted)
            {
                _freeAt = now + TimeSpan.FromSeconds(questions / rate);
            }

            return entry;
        }
    }

    private void WakeAt(DateTimeOffset moment)
    {
        if (!_isTimed)
        {
            _isTimed = true;
            scheduler.Schedule(moment - scheduler.Now, () => // By its length: a moment outlives a scheduler that is disposed of.
            {
                lock (_lock)
                {
                    _isTimed = false;
                }

                Admit();
            });
        }
    }
}
