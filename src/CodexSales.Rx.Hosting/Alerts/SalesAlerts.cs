using CodexSales.Rx.Caching;

namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>What the operator should know of: alerts that are active now, live, and those that are over.</summary>
/// <remarks>
/// <para>
/// A condition (no block comes, a disk is nearly full) is active as long as it is seen, and a minute longer. An event (a
/// proof was missed, a slot was lost) is active until it has not happened again for a while: see the options. Both end
/// earlier when they are dismissed; then the same is told again only when it has been over meanwhile, or happens once more.
/// </para>
/// <para>
/// Threading: any thread; notifications come on the host's scheduler, one at a time. At most <see cref="MostActive"/> are active and
/// <see cref="MostPast"/> remembered.
/// </para>
/// </remarks>
public sealed class SalesAlerts
{
    /// <summary>How many can be active at once; that there are more is an alert of its own.</summary>
    public const int MostActive = 200;

    /// <summary>How many are remembered that are over.</summary>
    public const int MostPast = 200;

    private readonly AlertBook _book;
    private readonly IScheduler _core;
    private readonly CancellationToken _closing;

    internal SalesAlerts(AlertBook book, IScheduler core, CancellationToken closing) => (_book, _core, _closing) = (book, core, closing);

    /// <summary>How many are active.</summary>
    public int Count => _book.Active.Count;

    /// <summary>The active ones, as they are now, in the order in which they began: immutable and never torn.</summary>
    public CacheSnapshot<Alert> Snapshot => _book.Active.Snapshot;

    /// <summary>Those that are over, the latest first.</summary>
    public IReadOnlyList<Alert> Past => _book.Past;

    /// <summary>The active ones first, also when there are none; then every change set.</summary>
    public IObservable<ChangeSet<Alert, long, AlertChange>> Connect() => _book.Active.Connect();

    /// <summary>
    /// The same for a reader that asks, such as a web client's stream; see <see cref="ChangeSetExtensions.ToAsyncEnumerable"/>.
    /// </summary>
    /// <param name="cancellationToken">Ends it: the reader gets an <see cref="OperationCanceledException"/>.</param>
    public IAsyncEnumerable<ChangeSet<Alert, long, AlertChange>> ConnectAsync(CancellationToken cancellationToken = default) =>
        _book.Active.ConnectAsync(cancellationToken);

    /// <summary>Ends an alert, because somebody knows of it.</summary>
    /// <param name="id">Its number.</param>
    /// <returns>The alert as it ended; null when none of that number is active.</returns>
    /// <exception cref="OperationCanceledException">The app has stopped.</exception>
    public Task<Alert?> DismissAsync(long id) => OnCoreAsync(() => _book.Dismiss(id));

    /// <summary>Raises an alert of <see cref="AlertKind.Test"/>, which is sent to all receivers as any other is, and ends by itself.</summary>
    /// <returns>The alert.</returns>
    /// <exception cref="OperationCanceledException">The app has stopped.</exception>
    public Task<Alert> TestAsync() => OnCoreAsync(_book.Test);

    private async Task<T> OnCoreAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var closed = _closing.UnsafeRegister(_ => done.TrySetCanceled(_closing), null).ConfigureAwait(false);
        if (!done.Task.IsCompleted)
        {
            _core.Schedule(() => _ = !_closing.IsCancellationRequested && done.TrySetResult(action()));
        }

        return await done.Task.ConfigureAwait(false);
    }
}
