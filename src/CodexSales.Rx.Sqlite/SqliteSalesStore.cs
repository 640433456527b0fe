using CodexSales.Rx.Sqlite.Files;

namespace CodexSales.Rx.Sqlite;

/// <summary>Remembers a provider's sales and transactions in one SQLite file, which it has to itself.</summary>
/// <remarks>
/// A completed <see cref="SaveAsync"/> outlives the process and a loss of power. A batch is one transaction, and costs one
/// wait for the disk. Faults of the file or its disk are a <see cref="SalesStoreException"/> with a sentence; then nothing
/// has changed, and the store goes on once the cause is gone. Threading: for any thread. Writing has a thread of its own,
/// and reading goes on beside it. Changes must stay as they are until the task of <see cref="SaveAsync"/> has ended.
/// </remarks>
public sealed class SqliteSalesStore : ISalesStore, IDisposable
{
    private readonly string _path;
    private readonly StoreLock _lock;
    private readonly StoreConnections _connections;
    private readonly DiskReserve _reserve;
    private readonly WriterThread _thread = new();
    private readonly WriteTransactions _transactions;
    private readonly SalesWriter _writer;
    private readonly JournalWriter _journal;
    private readonly RefusalWriter _refusals;
    private readonly SalesReader _reader;
    private readonly OwnerClaim _owner;
    private readonly Lock _readerGate = new();
    private bool _isDisposed;

    private SqliteSalesStore(
        string path,
        StoreLock held,
        StoreDamage? damage,
        StoreConnections connections,
        DiskReserve reserve,
        int historyCapacity)
    {
        (_path, _lock, Damage, _connections, _reserve) = (path, held, damage, connections, reserve);
        _transactions = new WriteTransactions(connections.Writing);
        _writer = new SalesWriter(connections.Writing, _transactions, historyCapacity);
        _journal = new JournalWriter(connections.Writing, _transactions);
        _refusals = new RefusalWriter(connections.Writing, _transactions);
        _reader = new SalesReader(connections.Reading);
        _owner = new OwnerClaim(connections.Writing, _transactions, Subject);
        Transactions = new SqliteTransactionJournal(this, _journal);
        Cursor = new SqliteCursorStore(this, _transactions);
    }

    /// <summary>The damage of the file, if an empty one took its place: <c>StartEmptyWhenDamaged</c>.</summary>
    public StoreDamage? Damage { get; }

    /// <summary>The journal of what the provider's accounts sent, in the same file. Ends with the store.</summary>
    public ITransactionJournal Transactions { get; }

    /// <summary>The blocks up to which the chain was read, in the same file. Ends with the store.</summary>
    public ICursorStore Cursor { get; }

    /// <summary>The connection that belongs to the writing thread.</summary>
    internal SqliteConnection Writing => _connections.Writing;

    private string Subject => $"The store '{_path}'";

    /// <summary>Opens a store, or begins one. Blocks, and reads the whole file to see that it is whole.</summary>
    /// <exception cref="SalesStoreException">
    /// The file is in use, of a newer program, no store, damaged (then it was set aside) or gone, or the disk fails.
    /// The message says which, and what to do.
    /// </exception>
    public static SqliteSalesStore Open(SqliteStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        OptionErrors.ThrowAny(options.FindErrors());
        var path = StoreFile.Resolve(options.Path);
        var held = StoreLock.Take(path);
        try
        {
            return StoreErrors.Tell($"The store '{path}'", () => Open(path, held, options));
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Says whose sales these are: noted the first time; everybody else is refused, with both named.</summary>
    /// <exception cref="SalesStoreException">The store remembers another one's sales, or the disk fails.</exception>
    public Task ClaimAsync(StoreOwner owner, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(owner);
        return WriteAsync(() => _owner.Make(owner), cancellationToken);
    }

    /// <inheritdoc/>
    public StoredSales Load() => Read(reader => reader.ReadAll());

    /// <summary>
    /// Fees of ended transactions in wei, each once, for each slot of a running sale: from what was noted in
    /// <see cref="Transactions"/>. A sale that is closed takes it along: <see cref="ReadPastSalesAsync"/>.
    /// </summary>
    /// <remarks>The fills that an approval went out with share what it cost. Blocks for as long as a look at it takes.</remarks>
    /// <exception cref="SalesStoreException">The disk fails.</exception>
    public IReadOnlyDictionary<SlotKey, UInt256> LoadGas() => Read(reader => reader.ReadGas());

    /// <inheritdoc/>
    /// <remarks>A cancelled task has changed nothing: changes that are being written can't be cancelled.</remarks>
    public Task SaveAsync(IReadOnlyList<StoreChange> changes, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        return WriteAsync(() => _writer.Save(changes), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Task.Run<IReadOnlyList<PastSale>>(
            () => [.. Read(reader => reader.ReadHistory(before, count)).Select(past => new PastSale(past.Sale, past.End))], cancellationToken);
    }

    /// <summary>The sales that have ended with what they have cost, the one with the highest number first.</summary>
    /// <param name="before">Only those with a lower number; <see cref="long.MaxValue"/> for the latest.</param>
    /// <param name="count">At most so many; at least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <remarks>A transaction may end after its sale: its fees are added then, unless a thousand other sales have ended meanwhile.</remarks>
    /// <exception cref="SalesStoreException">The disk fails.</exception>
    public Task<IReadOnlyList<StoredPastSale>> ReadPastSalesAsync(long before, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Task.Run(() => Read(reader => reader.ReadHistory(before, count)), cancellation);
    }

    /// <summary>Notes what was not for sale, all or nothing, and forgets the oldest beyond a number.</summary>
    /// <param name="refusals">The latest last.</param>
    /// <param name="most">How many are kept; at least 1.</param>
    /// <param name="cancellation">Ends it before it has begun, but not later.</param>
    /// <exception cref="SalesStoreException">The disk fails.</exception>
    public Task NoteRefusalsAsync(IReadOnlyList<Refusal> refusals, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return WriteAsync(() => _refusals.Note(refusals, most), cancellation);
    }

    /// <summary>What was not for sale, the latest first.</summary>
    /// <param name="before">Only those with a lower number; <see cref="long.MaxValue"/> for the latest.</param>
    /// <param name="count">At most so many; at least 1.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SalesStoreException">The disk fails.</exception>
    public Task<IReadOnlyList<StoredRefusal>> ReadRefusalsAsync(long before, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Task.Run(() => Read(reader => reader.ReadRefusals(before, count)), cancellation);
    }

    /// <summary>
    /// What an account sent, out of <see cref="Transactions"/>, the highest nonce first: what is in flight, and what ended as long as
    /// the journal keeps it (about a day).
    /// </summary>
    /// <param name="sender">The account, on its chain.</param>
    /// <param name="before">Only nonces below this one; <see cref="ulong.MaxValue"/> for the newest.</param>
    /// <param name="count">At most so many; at least 1.</param>
    /// <param name="isInFlight">Whether only those that have not ended.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="SalesStoreException">The disk fails.</exception>
    public Task<IReadOnlyList<JournalEntry>> ReadTransactionsAsync(
        SendingAccount sender, ulong before, int count, bool isInFlight, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Task.Run(() => Read(reader => reader.ReadTransactions(sender, before, count, isInFlight)), cancellation);
    }

    /// <summary>
    /// Copies the store into a file of its own while it is in use: a store that can be opened, or take a damaged one's
    /// place. Saving goes on meanwhile; reading waits.
    /// </summary>
    /// <param name="path">Where to; nothing may be there yet. It appears once it is whole.</param>
    /// <param name="cancellationToken">Ends it before it has begun, but not later.</param>
    /// <exception cref="SalesStoreException">Something is there already, or it can't be written.</exception>
    public Task BackupAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Task.Run(
            () => Read(reader => StoreErrors.Tell($"The backup '{path}'", () => reader.BackUp(path))),
            cancellationToken);
    }

    /// <summary>Waits until what is being saved is saved, then closes the file. Later calls are refused.</summary>
    public void Dispose()
    {
        lock (_readerGate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _reader.Dispose();
        }

        _thread.Dispose();
        _refusals.Dispose();
        _journal.Dispose();
        _writer.Dispose();
        _transactions.Dispose();
        if (_reserve.IsMissing)
        {
            _connections.DisposeWithLog();
        }
        else
        {
            _connections.Dispose();
        }

        _lock.Dispose();
    }

    internal Task<T> WriteAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _thread.RunAsync(() => StoreErrors.Tell(Subject, () => WriteWithReserve(work)), cancellationToken);
    }

    internal Task WriteAsync(Action work, CancellationToken cancellationToken) => WriteAsync(
        () =>
        {
            work();
            return true;
        },
        cancellationToken);

    private static SqliteSalesStore Open(string path, StoreLock held, SqliteStoreOptions options)
    {
        var reserve = new DiskReserve(DiskReserve.PathBeside(path), options.ReserveBytes);
        var store = OnFullDisk(reserve.GiveUp, () =>
        {
            var damage = StoreFile.Prepare(path, held, options.StartEmptyWhenDamaged);
            return new SqliteSalesStore(
                path, held, damage, StoreConnections.Open(path), reserve, options.HistoryCapacity);
        });
        reserve.Take();
        return store;
    }

    private T WriteWithReserve<T>(Func<T> work)
    {
        var done = OnFullDisk(MakeRoom, work);
        _reserve.Refill();
        return done;
    }

    // The log is written from its beginning again, which takes no room.
    private void MakeRoom()
    {
        _reserve.GiveUp();
        Writing.Execute("PRAGMA wal_checkpoint(RESTART)");
    }

    // Once more: what failed for want of room has changed nothing.
    private static T OnFullDisk<T>(Action makeRoom, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException e) when (StoreErrors.IsFull(e))
        {
            makeRoom();
            return work();
        }
    }

    private T Read<T>(Func<SalesReader, T> read)
    {
        lock (_readerGate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return StoreErrors.Tell(Subject, () => read(_reader));
        }
    }

    private void Read(Action<SalesReader> read) => Read(reader =>
    {
        read(reader);
        return true;
    });
}
