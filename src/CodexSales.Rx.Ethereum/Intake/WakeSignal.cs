namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Wakes whoever waits for news on the scheduler, from any thread. Pending signals coalesce.</summary>
internal sealed class WakeSignal(IScheduler scheduler)
{
    private readonly List<TaskCompletionSource> _waiting = [];
    private bool _isAwake;

    public void Wake() => scheduler.Schedule(() =>
    {
        _isAwake = _waiting.Count == 0;
        var waiting = _waiting.ToList();
        _waiting.Clear();
        waiting.ForEach(one => one.TrySetResult());
    });

    /// <summary>Waits for a signal since the last wait, but not longer than the time given.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        if (!_isAwake)
        {
            var waiting = new TaskCompletionSource();
            _waiting.Add(waiting);
            using var timer = scheduler.Schedule(longest, () => waiting.TrySetResult());
            using var registration = cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken));
            try
            {
                await waiting.Task.ConfigureAwait(false);
            }
            finally
            {
                _waiting.Remove(waiting);
            }
        }

        _isAwake = false;
    }
}
