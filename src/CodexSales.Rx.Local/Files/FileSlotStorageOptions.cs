namespace CodexSales.Rx.Local.Files;

/// <summary>The place of a <see cref="FileSlotStorage"/>, and its limits.</summary>
public sealed record FileSlotStorageOptions
{
    /// <summary>The directory of the slots' files, for nothing else. Made when it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>The bytes of all slots together, incomplete ones and those under way included.</summary>
    /// <value>From 1 to 2^63 − 1.</value>
    public required ulong QuotaBytes { get; init; }

    /// <summary>After how many more bytes a download tells its progress again.</summary>
    /// <value>1 MiB by default; at least 1.</value>
    /// <remarks>A source slower than this in each <c>DownloadStallDeadline</c> counts as stalled.</remarks>
    public ulong ProgressBytes { get; set; } = 1 << 20;

    /// <summary>All that is wrong with them, a sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> FindErrors() =>
    [
        .. OptionErrors.Unless(!string.IsNullOrWhiteSpace(Directory), nameof(Directory), Directory, "a folder"),
        .. OptionErrors.Unless(QuotaBytes is > 0 and <= long.MaxValue, nameof(QuotaBytes), QuotaBytes, $"1 to {long.MaxValue}"),
        .. OptionErrors.Unless(ProgressBytes > 0, nameof(ProgressBytes), ProgressBytes, $"1 to {ulong.MaxValue}"),
    ];
}
