namespace CodexSales.Rx.Tests.Availabilities;

/// <summary>Availabilities and terms of few and small numbers, so that random ones meet and all of them can be tried.</summary>
internal static class SmallTerms
{
    private const ulong Most = 4;

    /// <summary>Every combination of terms that could tell two availabilities apart.</summary>
    public static IReadOnlyList<SlotTerms> All { get; } =
    [
        .. from size in Numbers()
           from duration in Numbers()
           from price in Numbers()
           from collateral in Numbers()
           from end in Numbers()
           select Of(size, duration, price, collateral, end),
    ];

    public static SlotTerms Of(ulong size, ulong duration, ulong price, ulong collateral, ulong end, byte request = 0) => new()
    {
        RequestId = new RequestId(new Bytes32([request, .. new byte[31]])),
        Ask = new StorageAsk
        {
            ProofProbability = 1,
            PricePerBytePerSecond = price,
            CollateralPerByte = 1,
            Slots = 9,
            SlotSizeBytes = size,
            DurationSeconds = duration,
            MaxSlotLoss = 0,
        },
        Reward = price * size * duration,
        Collateral = collateral,
        ExpiresAt = new UnixSeconds(1),
        EndsAt = new UnixSeconds(end),
    };

    public static SlotTerms RandomTerms(Random random, byte request = 0) =>
        Of(Small(random), Small(random), Small(random), Small(random), Small(random), request);

    public static Availability RandomAvailability(Random random, ulong scale = 1) => new()
    {
        Id = new AvailabilityId($"v{random.Next(3)}"),
        TotalBytes = scale * (ulong)random.Next((int)Most + 1),
        MaxDurationSeconds = (ulong)random.Next((int)Most + 1),
        MinPricePerBytePerSecond = Small(random),
        TotalCollateral = scale * (ulong)random.Next((int)Most + 1),
        IsDisabled = random.Next(5) == 0,
        Until = random.Next(2) == 0 ? null : new UnixSeconds((ulong)random.Next((int)Most + 1)),
    };

    /// <summary>Whether a balance takes a slot, said as plainly as can be.</summary>
    public static bool Takes(AvailabilityBalance balance, SlotTerms terms)
    {
        var offer = balance.Availability;
        return !offer.IsDisabled
            && terms.Ask.SlotSizeBytes <= balance.FreeBytes
            && terms.Collateral <= balance.FreeCollateral
            && terms.Ask.DurationSeconds <= offer.MaxDurationSeconds
            && terms.Ask.PricePerBytePerSecond >= offer.MinPricePerBytePerSecond
            && (offer.Until is not { } until || terms.EndsAt <= until);
    }

    private static ulong Small(Random random) => 1 + (ulong)random.Next((int)Most);

    private static IEnumerable<ulong> Numbers() => Enumerable.Range(1, (int)Most + 1).Select(number => (ulong)number);
}
