using CodexSales.Rx.Local.Work;

namespace CodexSales.Rx.Local.Files;

/// <summary>Keeps slots as files in a directory of the local file system.</summary>
/// <remarks>
/// A slot's data appears under its name once all of it is on the disk, and then outlives a loss of power. An interrupted
/// download goes on where it stopped, less the last 8 MiB at most. Only the owner may read new files; a directory that is
/// there stays as it is. Every failure is a <see cref="SlotStorageException"/> with a sentence: a source that fails, is too
/// short or too long, a full disk, a file that may not be written, the quota. Failures keep what was written; clearing
/// deletes it. Threading: may be called from any thread; all work is done on the task pool, one operation at a time for
/// each slot. A directory is for one storage, until <see cref="Dispose"/>, which does not end operations.
/// </remarks>
public sealed class FileSlotStorage : ISlotStorage, IDisposable
{
    private readonly ISlotSource _source;
    private readonly FileSlotStorageOptions _options;
    private readonly SlotFiles _files;
    private readonly DiskQuota _quota;
    private readonly KeyedLock _turns = new();
    private readonly FileStream _lock;

    /// <summary>Takes over a directory with whatever slots it has. Cost: a look at each file.</summary>
    /// <param name="source">Where slots come from.</param>
    /// <param name="options">Where to keep them, and how many bytes.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="SlotStorageException">The directory can't be made or written, or is in use.</exception>
    public FileSlotStorage(ISlotSource source, FileSlotStorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options = options with { }; // Later changes would not be validated.
        OptionErrors.ThrowAny(options.FindErrors());
        (_source, _options) = (source, options);
        _files = new SlotFiles(options.Directory);
        _quota = new DiskQuota(options.QuotaBytes);
        _lock = Lock(options.Directory);
        foreach (var slot in _files.LookAtAll())
        {
            _quota.Settle(slot.Slot, slot.Bytes);
        }
    }

    /// <summary>The file of a slot's data, for a prover; there once the slot is stored.</summary>
    public string PathOf(SlotKey slot) => _files.DataOf(slot);

    /// <summary>All slots of which there is anything, in order; without a sale, they are leftovers. O(files).</summary>
    public Task<IReadOnlyList<StoredSlot>> ListAsync(CancellationToken cancellationToken = default) =>
        RunOnThreadPool.RunAsync(_ => Task.FromResult(_files.LookAtAll()), cancellationToken);

    /// <inheritdoc/>
    public IObservable<ulong> Store(SlotDownload download)
    {
        ArgumentNullException.ThrowIfNull(download);
        return Observable.Create<ulong>((observer, unsubscribed) =>
            WorkAsync(download.Slot, stop => StoreAsync(download, observer, stop), unsubscribed));
    }

    /// <inheritdoc/>
    /// <exception cref="SlotStorageException">The slot is not stored, or the moment can't be noted.</exception>
    public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellationToken = default) =>
        WorkAsync(
        slot,
        _ =>
        {
            if (_files.LengthOfData(slot) is null)
            {
                throw new SlotStorageException(
                    $"Slot {slot.ToShortString()} is not stored: there is nothing to be kept until {until}.");
            }

            _files.WriteUntil(slot, until);
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="SlotStorageException">A file can't be deleted.</exception>
    public Task ClearAsync(SlotKey slot, CancellationToken cancellationToken = default) => WorkAsync(
        slot,
        _ =>
        {
            _files.Delete(slot);
            _quota.Settle(slot, 0);
            return Task.CompletedTask;
        },
        cancellationToken);

    /// <summary>Gives the directory up. May be called again.</summary>
    public void Dispose() => _lock.Dispose();

    private async Task StoreAsync(SlotDownload download, IObserver<ulong> observer, CancellationToken stop)
    {
        _quota.Claim(download.Slot, download.Request.Ask.SlotSizeBytes);
        try
        {
            await new FileDownload(_files, _source, download, _options.ProgressBytes, observer)
                .RunAsync(stop).ConfigureAwait(false);
        }
        finally
        {
            _quota.Settle(download.Slot, _files.Look(download.Slot).Bytes);
        }
    }

    private Task WorkAsync(SlotKey slot, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        RunOnThreadPool.RunAsync(
            async stop =>
            {
                using var turn = await _turns.WaitAsync(slot, stop).ConfigureAwait(false);
                try
                {
                    await work(stop).ConfigureAwait(false);
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    throw new SlotStorageException(
                        $"The files of slot {slot.ToShortString()} can't be changed: {error.Message}", error);
                }
            },
            cancellationToken);

    // Another process that takes over the same directory would write into the same files.
    private static FileStream Lock(string directory)
    {
        try
        {
            OwnerOnly.CreateFolder(directory);
            return OwnerOnly.Open(
                Path.Combine(directory, "storage.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SlotStorageException(
                $"The directory {directory} can't be used for slots, or is in use already: {error.Message}", error);
        }
    }
}
