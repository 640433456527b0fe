using CodexSales.Rx.Local.Work;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>Storage by programs of the operator's, which read one JSON object and write JSON lines.</summary>
/// <remarks>
/// A hook reads its work as one line, answers with one object a line, <c>{"written":"1024"}</c> for progress of a download,
/// then <c>{"done":true}</c>, or <c>{"error":"a sentence"}</c>, and ends with exit code 0: see this project's README. Every
/// failure is a <see cref="HookException"/> with a sentence. Unsubscribing, cancelling, a reached limit and a wrong answer
/// kill the hook; processes that it leaves are killed. Threading: may be called from any thread; all work is done on the
/// task pool, one hook at a time for each slot.
/// </remarks>
public sealed class HookStorage : ISlotStorage
{
    private readonly HookRunner _store;
    private readonly HookRunner _keepUntil;
    private readonly HookRunner _clear;
    private readonly KeyedLock _turns = new();

    /// <summary>Storage by hooks.</summary>
    /// <param name="options">The hooks.</param>
    /// <param name="scheduler">Gives the time for their limits, on any thread: <see cref="EventLoopScheduler"/>.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public HookStorage(HookStorageOptions options, IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(scheduler);
        OptionErrors.ThrowAny(options.FindErrors());
        _store = new HookRunner("store", options.Store, scheduler);
        _keepUntil = new HookRunner("keepUntil", options.KeepUntil, scheduler);
        _clear = new HookRunner("clear", options.Clear, scheduler);
    }

    /// <inheritdoc/>
    public IObservable<ulong> Store(SlotDownload download)
    {
        ArgumentNullException.ThrowIfNull(download);
        return Observable.Create<ulong>((observer, unsubscribed) => WorkAsync(
            _store,
            download.Slot,
            HookInput.Store(download),
            new StoreAnswers(download, observer).IsLast,
            unsubscribed));
    }

    /// <inheritdoc/>
    /// <exception cref="HookException">The hook did not do it.</exception>
    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken = default) =>
        WorkAsync(_keepUntil, slot, HookInput.KeepUntil(slot, until), HookAnswer.IsDone, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="HookException">The hook did not do it.</exception>
    public Task ClearAsync(SlotKey slot, CancellationToken cancellationToken = default) =>
        WorkAsync(_clear, slot, HookInput.Clear(slot), HookAnswer.IsDone, cancellationToken);

    private Task WorkAsync(
        HookRunner hook,
        SlotKey slot,
        ReadOnlyMemory<byte> input,
        Func<HookAnswer, bool> isLastAnswer,
        CancellationToken cancellationToken) => RunOnThreadPool.RunAsync(
            async stop =>
            {
                using var turn = await _turns.WaitAsync(slot, stop).ConfigureAwait(false);
                await hook.RunAsync(input, isLastAnswer, stop).ConfigureAwait(false);
            },
            cancellationToken);
}
