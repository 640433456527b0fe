namespace CodexSales.Rx.Web.Operator;

/// <summary>The fields of an availability in a body.</summary>
internal static class AvailabilityFields
{
    private const string TotalBytes = "totalBytes";
    private const string MaxDuration = "maxDurationSeconds";
    private const string MinPrice = "minPricePerBytePerSecond";
    private const string TotalCollateral = "totalCollateral";
    private const string Enabled = "enabled";
    private const string Until = "until";

    public static IReadOnlyCollection<string> All { get; } = [TotalBytes, MaxDuration, MinPrice, TotalCollateral, Enabled, Until];

    /// <summary>All of it; what has no default is needed.</summary>
    public static Availability Read(BodyReader body, AvailabilityId id) => new()
    {
        Id = id,
        TotalBytes = body.Whole(TotalBytes, 1, ulong.MaxValue) ?? throw OperatorInputException.Missing(TotalBytes, "a whole number of bytes"),
        MaxDurationSeconds = body.Whole(MaxDuration, 1, ulong.MaxValue)
            ?? throw OperatorInputException.Missing(MaxDuration, "a whole number of seconds"),
        MinPricePerBytePerSecond = body.Amount(MinPrice, UInt256.Zero)
            ?? throw OperatorInputException.Missing(MinPrice, "an amount of the token's smallest unit"),
        TotalCollateral = body.Amount(TotalCollateral, UInt256.One)
            ?? throw OperatorInputException.Missing(TotalCollateral, "an amount of the token's smallest unit"),
        IsDisabled = !(body.Flag(Enabled) ?? true),
        Until = body.Whole(Until, 0, ulong.MaxValue) is { } until ? new UnixSeconds(until) : null,
    };

    /// <summary>What is given, in place of what was.</summary>
    public static Availability Change(BodyReader body, Availability before) => before with
    {
        TotalBytes = body.Whole(TotalBytes, 1, ulong.MaxValue) ?? before.TotalBytes,
        MaxDurationSeconds = body.Whole(MaxDuration, 1, ulong.MaxValue) ?? before.MaxDurationSeconds,
        MinPricePerBytePerSecond = body.Amount(MinPrice, UInt256.Zero) ?? before.MinPricePerBytePerSecond,
        TotalCollateral = body.Amount(TotalCollateral, UInt256.One) ?? before.TotalCollateral,
        IsDisabled = body.Flag(Enabled) is { } isEnabled ? !isEnabled : before.IsDisabled,
        Until = !body.Has(Until) ? before.Until : body.Whole(Until, 0, ulong.MaxValue) is { } until ? new UnixSeconds(until) : null,
    };
}
