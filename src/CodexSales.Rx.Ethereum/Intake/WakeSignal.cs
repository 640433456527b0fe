using System.Reactive.Concurrency;

namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>Lets one wait until there may be something new. Signals that nobody waits for are one.</summary>
/// <remarks>Lives on the scheduler; <see cref="Wake"/> may be called from any thread.</remarks>
internal sealed class WakeSignal(IScheduler scheduler)
{
    private TaskCompletionSource? _waiting;
    private bool _isAwake;

    public void Wake() => scheduler.Schedule(() =>
    {
        _isAwake = true;
        _waiting?.TrySetResult();
    });

    /// <summary>Waits for a signal since the last wait, but not longer than the time given.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (!_isAwake)
        {
            var waiting = _waiting = new TaskCompletionSource();
            using var timer = scheduler.Schedule(longest, () => waiting.TrySetResult());
            using var registration = cancellation.Register(() => waiting.TrySetCanceled(cancellation));
            await waiting.Task.ConfigureAwait(false);
        }

        (_isAwake, _waiting) = (false, null);
    }
}
