using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Testing.Work;

/// <summary>Storage for slots that holds no data, only takes its time and keeps count.</summary>
/// <remarks>A download starts from nothing; a cancelled one leaves what it has. Threading: on the scheduler.</remarks>
public sealed class SimulatedStorage : ISlotStorage
{
    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(365);

    private readonly IScheduler _scheduler;
    private readonly SimulatedStorageOptions _options;
    private readonly SortedDictionary<SlotKey, ulong> _stored = new(Comparer<SlotKey>.Create(ByRequestAndIndex));
    private readonly Dictionary<SlotKey, UnixSeconds> _keptUntil = [];

    /// <summary>Storage that is empty.</summary>
    /// <param name="scheduler">Gives the time.</param>
    /// <param name="options">The defaults when null.</param>
    public SimulatedStorage(IScheduler scheduler, SimulatedStorageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        _scheduler = scheduler;
        _options = options ?? new SimulatedStorageOptions();
        ArgumentOutOfRangeException.ThrowIfZero(_options.BytesPerSecond, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.ProgressSteps, 1, nameof(options));
    }

    /// <summary>Decides, for each piece of work as it starts, what goes wrong. By default nothing.</summary>
    public Func<WorkCall, WorkFault> Faults { get; set; } = _ => WorkFault.None;

    /// <summary>The stored bytes of each slot, also of incomplete ones.</summary>
    public IReadOnlyDictionary<SlotKey, ulong> Stored => _stored;

    /// <summary>All stored bytes.</summary>
    public ulong StoredBytes => _stored.Values.Aggregate(0UL, (sum, bytes) => sum + bytes);

    /// <summary>Until when a slot is to be kept; null when there is nothing of it.</summary>
    public UnixSeconds? GetKeptUntil(SlotKey slot) => _keptUntil.TryGetValue(slot, out var until) ? until : null;

    /// <inheritdoc/>
    public IObservable<ulong> Store(SlotDownload download)
    {
        ArgumentNullException.ThrowIfNull(download);
        return Observable.Create<ulong>(observer => Download(download, observer));
    }

    /// <inheritdoc/>
    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken = default) =>
        WorkAsync(
        nameof(KeepUntilAsync),
        slot,
        () => _keptUntil[slot] = _stored.ContainsKey(slot)
            ? until
            : throw new InvalidOperationException($"There is nothing of slot {slot.ToShortString()} to be kept."),
        cancellationToken);

    /// <inheritdoc/>
    public Task ClearAsync(SlotKey slot, CancellationToken cancellationToken = default) => WorkAsync(
        nameof(ClearAsync),
        slot,
        () =>
        {
            _keptUntil.Remove(slot);
            return _stored.Remove(slot);
        },
        cancellationToken);

    private IDisposable Download(SlotDownload download, IObserver<ulong> observer)
    {
        var (slot, size) = (download.Slot, download.Request.Ask.SlotSizeBytes);
        var fault = Faults(new WorkCall(nameof(Store), slot, _scheduler.Now));
        _stored[slot] = 0;
        _keptUntil[slot] = download.KeepUntil;
        var steps = 0;
        var delay = fault == WorkFault.Slow ? FaultyWork.Slowness : TimeSpan.Zero;
        return _scheduler.Schedule(delay + StepTime(size), again =>
        {
            steps++;
            if (fault is WorkFault.Fails or WorkFault.DiskFull or WorkFault.Stalls && 2 * steps > _options.ProgressSteps)
            {
                EndHalfWay(fault, slot, observer);
                return;
            }

            var written = (ulong)((UInt128)size * (ulong)steps / (ulong)_options.ProgressSteps);
            _stored[slot] = written;
            observer.OnNext(written);
            if (steps == _options.ProgressSteps)
            {
                observer.OnCompleted();
                return;
            }

            again(StepTime(size));
        });
    }

    private static void EndHalfWay(WorkFault fault, SlotKey slot, IObserver<ulong> observer)
    {
        if (fault != WorkFault.Stalls)
        {
            observer.OnError(FaultyWork.ErrorOf(nameof(Store), slot, fault));
        }
    }

    private TimeSpan StepTime(ulong size)
    {
        var seconds = (double)size / _options.BytesPerSecond / _options.ProgressSteps;
        return seconds < LongestStep.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestStep;
    }

    private Task<T> WorkAsync<T>(string name, SlotKey slot, Func<T> work, CancellationToken cancellationToken)
    {
        var call = new WorkCall(name, slot, _scheduler.Now);
        return _scheduler.WorkAsync(_options.CallLatency, call, Faults(call), work, cancellationToken);
    }

    private static int ByRequestAndIndex(SlotKey left, SlotKey right) =>
        (left.RequestId, left.SlotIndex).CompareTo((right.RequestId, right.SlotIndex));
}
