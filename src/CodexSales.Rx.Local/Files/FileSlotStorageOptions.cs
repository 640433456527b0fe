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

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Directory);
        if (QuotaBytes is 0 or > long.MaxValue)
        {
            throw new ArgumentException(
                $"{nameof(QuotaBytes)} is {QuotaBytes}; 1 to {long.MaxValue} is expected.", "options");
        }

        if (ProgressBytes == 0)
        {
            throw new ArgumentException(
                $"{nameof(ProgressBytes)} is 0; 1 to {ulong.MaxValue} is expected.", "options");
        }
    }
}
