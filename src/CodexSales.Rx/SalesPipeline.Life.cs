namespace CodexSales.Rx;

/// <content>How it starts and ends. After any end, the same holds.</content>
public sealed partial class SalesPipeline
{
    /// <summary>How long <see cref="DisposeAsync"/> waits at most for what is on its way.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    private bool _isAtRest;

    /// <summary>
    /// Its end. Completes once all is released, after <see cref="StopAsync"/> or <see cref="Dispose"/>; fails with the error that
    /// ended the pipeline: a bug, or events of the market that can't be trusted. Never cancelled.
    /// </summary>
    /// <remarks>
    /// An error that nobody would hear of, because nobody has asked for this task and nobody observes <see cref="Steps"/>, is thrown
    /// on the core scheduler: an <see cref="EventLoopScheduler"/> ends the process with it.
    /// </remarks>
    public Task Completion => _run.Completion;

    /// <summary>Starts to sell. A pipeline starts once; to start again is to make another one.</summary>
    /// <param name="cancellationToken">Gives up the start: the pipeline is disposed of. One that is cancelled already changes nothing.</param>
    /// <returns>
    /// Completes once the market has told its rules and is listened to; until it answers it is asked again. Its past events
    /// come later: see <see cref="Working.Workers.Status"/>.
    /// </returns>
    /// <exception cref="InvalidOperationException">It was started before.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed of, or was so before the market answered.</exception>
    /// <exception cref="OperationCanceledException">The start was given up.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _run.StartAsync(Dispose, cancellationToken);

    /// <summary>
    /// Comes to rest, and ends then: nothing new begins, hosted slots go on being proved, and transactions that are being sent and
    /// decisions that are being written are waited for. Sales that are under way go on with the next pipeline on the same store.
    /// </summary>
    /// <param name="patience">How long to wait at most, by the core scheduler's clock; at least 0.</param>
    /// <param name="cancellationToken">Ends the patience.</param>
    /// <returns>
    /// Completes once all is released: true when nothing was on its way any more, false when patience ended first or the
    /// pipeline was disposed of. The next pipeline finds out what became of the work that was cut off.
    /// </returns>
    /// <remarks>Threading: from any thread. Code that awaits it goes on outside of the core.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The patience is negative.</exception>
    public Task<bool> StopAsync(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, TimeSpan.Zero);
        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var hurry = cancellationToken.UnsafeRegister(static pipeline => ((SalesPipeline)pipeline!).Dispose(), this);
        _core.WhenReleased(() =>
        {
            hurry.Unregister();
            stopped.TrySetResult(_isAtRest);
        });
        _core.Follow(() =>
        {
            Workers.Stop();
            _patience.Disposable = _core.Schedule(patience, Dispose);
            _retry.Outgoing.Stop(() =>
            {
                _isAtRest |= !_core.IsClosed; // Work that an end cut off is not on its way any more either.
                Dispose();
            });
        });
        return stopped.Task;
    }

    /// <summary>Comes to rest as by <see cref="StopAsync"/>, with <see cref="DefaultPatience"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(DefaultPatience).ConfigureAwait(false);

    /// <summary>
    /// Ends at once: what is in flight is cancelled, and what is observed completes. Sales that are under way go on with the next
    /// pipeline on the same store.
    /// </summary>
    /// <remarks>
    /// Threading: from any thread, also inside of a notification, and as often as wanted; it waits for nobody. When it returns,
    /// nothing is scheduled any more, and no further step is told. What the core is doing at that moment ends first: then the rest is
    /// released, and what was subscribed to is completed.
    /// </remarks>
    public void Dispose()
    {
        if (!_core.TryClose())
        {
            return;
        }

        _run.Dispose();
        _core.Follow(() =>
        {
            _patience.Dispose();
            _metrics.Dispose();
            Workers.Dispose();
            Queue.Dispose();
            Sales.Dispose();
            _log.Dispose();
            Availabilities.Dispose();
            _clock.Dispose();
            _told.Dispose();
            _refusals.Complete();
            _recovered.Complete();
            _troubles.Complete();
            _core.Dispose();
        });
    }
}
