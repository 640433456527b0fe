using System.ComponentModel;
using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Web.Operator;

/// <summary>An availability, and what of it is sold.</summary>
[Description("Space that is for sale, and what of it is sold. Amounts are digits, in the token's smallest unit.")]
internal sealed record AvailabilityAnswer
{
    [Description("Its name.")]
    public required string Id { get; init; }

    [Description("All of its space.")]
    public required ulong TotalBytes { get; init; }

    [Description("What of it is free.")]
    public required ulong FreeBytes { get; init; }

    [Description("What sales hold, and have not written yet.")]
    public required ulong HeldBytes { get; init; }

    [Description("What sales have written.")]
    public required ulong UsedBytes { get; init; }

    [Description("The longest time for which a slot is kept.")]
    public required ulong MaxDurationSeconds { get; init; }

    [Description("The lowest price for each byte and second.")]
    public required string MinPricePerBytePerSecond { get; init; }

    [Description("The most collateral that its sales may put at risk.")]
    public required string TotalCollateral { get; init; }

    [Description("What of it is free.")]
    public required string FreeCollateral { get; init; }

    [Description("What running sales hold of it.")]
    public required string HeldCollateral { get; init; }

    [Description("What was lost of it.")]
    public required string LostCollateral { get; init; }

    [Description("Whether new sales may use it.")]
    public required bool Enabled { get; init; }

    [Description("Whether it is removed as soon as its last sale has ended.")]
    public required bool Draining { get; init; }

    [Description("The last moment at which a sale may end; null for no limit.")]
    public required Moment? Until { get; init; }

    [Description("How many sales hold space of it.")]
    public required int Sales { get; init; }

    [Description("What its filled slots are paid, if no proof is missed.")]
    public required string ExpectedReward { get; init; }

    [Description("How many of its sales were paid.")]
    public required long PaidSales { get; init; }

    [Description("What these earned.")]
    public required string Earned { get; init; }

    public static AvailabilityAnswer Of(AvailabilityBalance balance) => new()
    {
        Id = $"{balance.Availability.Id}",
        TotalBytes = balance.Availability.TotalBytes,
        FreeBytes = balance.FreeBytes,
        HeldBytes = balance.HeldBytes,
        UsedBytes = balance.UsedBytes,
        MaxDurationSeconds = balance.Availability.MaxDurationSeconds,
        MinPricePerBytePerSecond = $"{balance.Availability.MinPricePerBytePerSecond}",
        TotalCollateral = $"{balance.Availability.TotalCollateral}",
        FreeCollateral = $"{balance.FreeCollateral}",
        HeldCollateral = $"{balance.HeldCollateral}",
        LostCollateral = $"{balance.LostCollateral}",
        Enabled = !balance.Availability.IsDisabled,
        Draining = balance.IsDraining,
        Until = Moment.Of(balance.Availability.Until),
        Sales = balance.Sales,
        ExpectedReward = $"{balance.ExpectedReward}",
        PaidSales = balance.Past.Paid,
        Earned = $"{balance.Past.Earned}",
    };
}

/// <summary>What is offered.</summary>
[Description("What is offered. Amounts are digits, in the token's smallest unit; plain numbers are taken, too.")]
internal sealed record AvailabilityInput
{
    [Description("Its name, of 1 to 100 characters, where it is not in the path; drawn where it is not given.")]
    public string? Id { get; init; }

    [Description("All of its space; at least 1.")]
    public required ulong TotalBytes { get; init; }

    [Description("The longest time for which a slot is kept; at least 1.")]
    public required ulong MaxDurationSeconds { get; init; }

    [Description("The lowest price for each byte and second.")]
    public required string MinPricePerBytePerSecond { get; init; }

    [Description("The most collateral that its sales may put at risk; at least 1.")]
    public required string TotalCollateral { get; init; }

    [Description("Whether new sales may use it; they may where it is not given.")]
    public bool? Enabled { get; init; }

    [Description("The last moment at which a sale may end, in Unix seconds; null for no limit.")]
    public ulong? Until { get; init; }
}

/// <summary>What is changed of an availability.</summary>
[Description("What is changed. What is not given stays; amounts are digits, in the token's smallest unit.")]
internal sealed record AvailabilityChange
{
    [Description("All of its space; at least what running sales hold.")]
    public ulong? TotalBytes { get; init; }

    [Description("The longest time for which a slot is kept; at least 1.")]
    public ulong? MaxDurationSeconds { get; init; }

    [Description("The lowest price for each byte and second.")]
    public string? MinPricePerBytePerSecond { get; init; }

    [Description("The most collateral that its sales may put at risk; at least what running sales hold.")]
    public string? TotalCollateral { get; init; }

    [Description("Whether new sales may use it.")]
    public bool? Enabled { get; init; }

    [Description("The last moment at which a sale may end, in Unix seconds; null for no limit.")]
    public ulong? Until { get; init; }
}
