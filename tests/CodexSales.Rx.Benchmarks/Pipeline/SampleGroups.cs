using CodexSales.Rx.Benchmarks.Queue;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>Slots and requests as the stage before the queue hands them on.</summary>
internal static class SampleGroups
{
    /// <summary>A queue with room for so many slots, and one subscriber.</summary>
    public static SlotQueue QueueOf(int capacity, IEnumerable<SlotGroupChanges> opened)
    {
        var queue = new SlotQueue(capacity, null, failure => throw failure, new VirtualTime());
        queue.Connect().Subscribe(new Subscriber());
        foreach (var changes in opened)
        {
            queue.Apply(changes);
        }

        return queue;
    }

    /// <summary>The slot alone comes.</summary>
    public static SlotGroupChanges Opened(OpenSlot slot) =>
        Opened(SlotGroup.OfFreedSlot(slot.Terms, slot.Arrival.Sequence, slot.SlotIndex, static (_, _) => true));

    /// <summary>The slots of a request come.</summary>
    public static SlotGroupChanges Opened(SlotGroup group) =>
        new(QueueCause.Requested, [new SlotGroupChange(SlotGroupChangeKind.GroupOpened, group)]);

    /// <summary>The slots of a request leave.</summary>
    public static SlotGroupChanges Closed(SlotGroup group) =>
        new(QueueCause.Cancelled, [new SlotGroupChange(SlotGroupChangeKind.GroupClosed, group)]);

    /// <summary>A request with as many slots, at a price that is drawn.</summary>
    public static SlotGroup Request(long number, ulong slots, Random random) =>
        SlotGroup.OfRequest(Terms(number, slots, random), number, random, static (_, _) => true);

    public static SlotTerms Terms(long number, ulong slots, Random random)
    {
        Span<byte> id = stackalloc byte[Bytes32.Size];
        BitConverter.TryWriteBytes(id, number);
        var price = (ulong)random.Next(1, 1_000_000);
        var ask = new StorageAsk
        {
            ProofProbability = 3,
            PricePerBytePerSecond = price,
            CollateralPerByte = 1,
            Slots = slots,
            SlotSizeBytes = 1_000,
            DurationSeconds = 100,
            MaxSlotLoss = 1,
        };
        return new SlotTerms
        {
            RequestId = new RequestId(new Bytes32(id)),
            Ask = ask,
            Reward = price * 100_000,
            Collateral = 1_000,
            ExpiresAt = new UnixSeconds(1_000),
            EndsAt = new UnixSeconds(2_000),
        };
    }
}
