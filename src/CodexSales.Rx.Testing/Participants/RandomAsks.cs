namespace CodexSales.Rx.Testing.Participants;

/// <summary>Draws asks as clients make them: sizes, prices and times spread over orders of magnitude.</summary>
internal sealed class RandomAsks(Random random, ulong longestSeconds)
{
    private const ulong KiB = 1024;
    private const ulong GiB = 1024 * 1024 * 1024;

    private static readonly UInt256 TwoToThe120 = UInt256.Parse("1329227995784915872903807060280344576");

    public StorageAsk Draw()
    {
        var slots = DrawBetween(1, 20);
        return new StorageAsk
        {
            ProofProbability = DrawBetween(5, 500),
            PricePerBytePerSecond = DrawBetween(1, 1_000),
            CollateralPerByte = DrawBetween(1, 1_000),
            Slots = slots,
            SlotSizeBytes = DrawBetween(64 * KiB, 16 * GiB),
            DurationSeconds = DrawBetween(Math.Min(3_600, longestSeconds), longestSeconds),
            MaxSlotLoss = (ulong)random.NextInt64((long)slots),
        };
    }

    /// <summary>An ask that the contract accepts and a host had better not.</summary>
    public StorageAsk DrawHostile()
    {
        var ask = Draw();
        return random.Next(7) switch
        {
            0 => ask with { Slots = ulong.MaxValue / ask.DurationSeconds, SlotSizeBytes = 0, MaxSlotLoss = 0 },
            1 => ask with { Slots = 1_000_000, SlotSizeBytes = 1 },
            2 => ask with { SlotSizeBytes = ulong.MaxValue },
            3 => ask with { SlotSizeBytes = 0 },
            4 => ask with { ProofProbability = UInt256.MaxValue },
            5 => ask with { CollateralPerByte = UInt256.MaxValue },
            _ => ask with { PricePerBytePerSecond = TwoToThe120 },
        };
    }

    /// <summary>From five minutes to six hours, and always shorter than the request.</summary>
    public ulong DrawExpiry(StorageAsk ask) => Math.Min(DrawBetween(300, 21_600), ask.DurationSeconds - 1);

    // Each order of magnitude is as likely as any other.
    private ulong DrawBetween(ulong least, ulong most) =>
        Math.Clamp((ulong)(least * Math.Pow((double)most / least, random.NextDouble())), least, most);
}
