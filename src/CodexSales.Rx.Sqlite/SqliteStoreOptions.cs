namespace CodexSales.Rx.Sqlite;

/// <summary>Where a provider's sales are remembered, and for how long.</summary>
public sealed class SqliteStoreOptions
{
    /// <summary>
    /// The file. It is made when there was never one; its folder must be there. Beside it lie its write-ahead log while
    /// it is open (<c>-wal</c>, <c>-shm</c>), and for good its reserve and a lock file (<c>.lock</c>), which remembers that there was a
    /// store: to begin anew on purpose, delete all. Nobody but the owner may read them. Not to be put on a network drive.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>
    /// How many past sales are remembered; the ones with the lowest numbers are forgotten first. At least 1.
    /// </summary>
    /// <value>1,000,000 by default: about 400 MB.</value>
    public int HistoryCapacity { get; set; } = 1_000_000;

    /// <summary>
    /// How many bytes of the disk are kept in a file of their own (<c>.reserve</c>), which is deleted when the disk is full:
    /// with them the store goes on until there is room again. From 0, which keeps none.
    /// </summary>
    /// <value>1 MiB by default: some hundred steps of sales.</value>
    public int ReserveBytes { get; set; } = 1 << 20;

    /// <summary>
    /// Whether to go on with an empty store when the file is damaged or gone. Slots that are hosted are found again on
    /// chain; availabilities, history and the knowledge of transactions under way are not.
    /// </summary>
    /// <value>False by default: then opening fails until somebody decides.</value>
    public bool StartEmptyWhenDamaged { get; set; }
}
