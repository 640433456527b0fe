namespace CodexSales.Node.Cli;

/// <summary>What is said of an availability: all of it, or what changes of one that is there.</summary>
internal sealed record OfferChange
{
    /// <summary>The default where none is given.</summary>
    public AvailabilityId Id { get; init; }

    public ulong? TotalBytes { get; init; }

    public ulong? MaxDurationSeconds { get; init; }

    public UInt256? MinPricePerBytePerSecond { get; init; }

    public UInt256? TotalCollateral { get; init; }

    public bool? IsEnabled { get; init; }

    /// <summary>Whether there is to be another end, or none.</summary>
    public bool ChangesUntil { get; init; }

    public UnixSeconds? Until { get; init; }

    /// <summary>What was given.</summary>
    public required string Text { get; init; }

    /// <summary>The sentence on what would have to be given, too, for one that is not there yet; null when nothing is missing.</summary>
    /// <param name="because">Why it is needed.</param>
    public string? FindMissing(string because = "")
    {
        var missing = TotalBytes is null ? "size"
            : MaxDurationSeconds is null ? "duration"
            : MinPricePerBytePerSecond is null ? "price"
            : TotalCollateral is null ? "collateral"
            : null;
        return missing is null ? null : $"{AvailabilityOption.Name}: '{Text}' is given, but {missing} is expected in it, too{because}.";
    }

    /// <summary>The same for one that is to be changed, and is not for sale.</summary>
    /// <param name="isDraining">There is one of that id, which is removed soon.</param>
    public string? FindMissingOfNew(bool isDraining) => FindMissing(isDraining
        ? ": the one of that id is being drained, and only all of it puts it up for sale again"
        : ", since nothing of that id is for sale");

    /// <summary>The sentence on what is given as 0 and may not be, by its key here, as a node has other names; null when nothing is.</summary>
    public string? FindZero()
    {
        var zero = TotalBytes == 0 ? "size"
            : MaxDurationSeconds == 0 ? "duration"
            : TotalCollateral == UInt256.Zero ? "collateral"
            : null;
        return zero is null ? null : $"{AvailabilityOption.Name}: '{Text}' is given, but a {zero} above 0 is expected in it.";
    }

    /// <summary>A new one, where nothing is missing.</summary>
    public Availability ToAvailability() => ChangeOf(new Availability
    {
        Id = Id, TotalBytes = 0, MaxDurationSeconds = 0, MinPricePerBytePerSecond = 0, TotalCollateral = 0,
    });

    /// <summary>One that is there, with what is given in place of what was.</summary>
    public Availability ChangeOf(Availability before) => before with
    {
        TotalBytes = TotalBytes ?? before.TotalBytes,
        MaxDurationSeconds = MaxDurationSeconds ?? before.MaxDurationSeconds,
        MinPricePerBytePerSecond = MinPricePerBytePerSecond ?? before.MinPricePerBytePerSecond,
        TotalCollateral = TotalCollateral ?? before.TotalCollateral,
        IsDisabled = !(IsEnabled ?? !before.IsDisabled),
        Until = ChangesUntil ? Until : before.Until,
    };
}
