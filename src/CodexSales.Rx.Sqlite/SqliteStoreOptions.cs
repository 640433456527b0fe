namespace CodexSales.Rx.Sqlite;

/// <summary>The place of a provider's sales, and the time for which they are kept.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>How many past sales are remembered where nothing else is said: about 400 MB.</summary>
    public const int DefaultHistoryCapacity = 1_000_000;

    /// <summary>
    /// The file, in a folder that exists; made when there was none. Beside it lie its write-ahead log while it is open
    /// (<c>-wal</c>, <c>-shm</c>), and for good its reserve and a lock file (<c>.lock</c>), which remembers that there
    /// was a store: to begin anew, delete all. Only the owner may read them. Not for network drives.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The most past sales that are remembered; the lowest numbers are forgotten first. At least 1.</summary>
    /// <value><see cref="DefaultHistoryCapacity"/> by default.</value>
    public int HistoryCapacity { get; set; } = DefaultHistoryCapacity;

    /// <summary>
    /// Bytes of the disk kept in a file of their own (<c>.reserve</c>), deleted when the disk is full: the store goes
    /// on until there is room again. From 0, which keeps none.
    /// </summary>
    /// <value>1 MiB by default: some hundred steps of sales.</value>
    public int ReserveBytes { get; set; } = 1 << 20;

    /// <summary>
    /// True to go on with an empty store when the file is damaged or gone. Hosted slots are found again on chain;
    /// availabilities, history and transactions under way are not.
    /// </summary>
    /// <value>False by default: then opening fails until somebody decides.</value>
    public bool StartEmptyWhenDamaged { get; set; }

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. OptionErrors.Unless(!string.IsNullOrWhiteSpace(Path), nameof(Path), Path, "a file"),
        .. OptionErrors.Unless(HistoryCapacity >= 1, nameof(HistoryCapacity), HistoryCapacity, "1 or more"),
        .. OptionErrors.Unless(ReserveBytes >= 0, nameof(ReserveBytes), ReserveBytes, "0 or more"),
    ];
}
