using System.Buffers.Binary;

namespace CodexSales.Rx.Tests.Queueing;

/// <summary>Requests that are told apart by a number and a price, and an availability that takes them all.</summary>
internal static class QueueSamples
{
    public static QueueWorld Open(int capacity)
    {
        var world = new QueueWorld(capacity);
        world.Ledger.Save(Everything());
        return world;
    }

    public static Availability Everything() => new()
    {
        Id = new AvailabilityId("v1"),
        TotalBytes = ulong.MaxValue,
        MaxDurationSeconds = ulong.MaxValue,
        MinPricePerBytePerSecond = 0,
        TotalCollateral = UInt256.MaxValue,
    };

    public static StorageRequested Request(QueueWorld world, int number, ulong slots, ulong price = 1) => new(
        world.Block,
        IdOf(number),
        new StorageAsk
        {
            ProofProbability = 1,
            PricePerBytePerSecond = price,
            CollateralPerByte = 1,
            Slots = slots,
            SlotSizeBytes = 10,
            DurationSeconds = 1_000,
            MaxSlotLoss = 1,
        },
        world.Now.Plus(100));

    public static SlotTerms TermsOf(StorageRequested requested) => new()
    {
        RequestId = requested.RequestId,
        Ask = requested.Ask,
        Reward = requested.Ask.TryGetSlotReward(out var reward) ? reward : default,
        Collateral = requested.Ask.TryGetSlotCollateral(out var collateral) ? collateral : default,
        ExpiresAt = requested.ExpiresAt,
        EndsAt = requested.EndsAt,
    };

    public static RequestId IdOf(int number)
    {
        Span<byte> id = stackalloc byte[32];
        BinaryPrimitives.WriteInt32BigEndian(id, number);
        return new RequestId(new Bytes32(id));
    }

    public static int NumberOf(RequestId id)
    {
        Span<byte> bytes = stackalloc byte[32];
        id.Value.CopyTo(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }
}
