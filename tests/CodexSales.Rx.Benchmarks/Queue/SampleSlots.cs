using CodexSales.Rx.Domain;
using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Benchmarks.Queue;

/// <summary>
/// Slots as the market offers them: each of a request of its own, so that the whole order is worked through.
/// </summary>
internal static class SampleSlots
{
    private const ulong HighestReward = 1UL << 50;

    // To make them takes longer than to measure with them, and what stands side by side has the same.
    private static (int QueueLength, OpenSlot[] Slots) _last = (0, []);

    /// <summary>
    /// Slots that come in such an order of rewards that a queue of a length, from which the best is taken as often as
    /// one comes, stays as it is: the new one is anywhere in the order of the others. (If all rewards were drawn alike,
    /// the queue would keep the worst, and each new one would be the first.)
    /// </summary>
    public static OpenSlot[] Stationary(int queueLength, int count)
    {
        if (_last.QueueLength != queueLength || _last.Slots.Length != count)
        {
            _last = (queueLength, Make(queueLength, count));
        }

        return [.. _last.Slots];
    }

    private static OpenSlot[] Make(int queueLength, int count)
    {
        var random = new Random(1);
        StorageAsk[] asks = [.. Enumerable.Range(0, 100).Select(_ => Ask((ulong)random.Next(1, 1 << 20)))];
        return [.. Enumerable.Range(0, count).Select(i =>
            Slot(HighestReward - (ulong)(i + random.NextInt64(2L * queueLength)), i, asks[i % asks.Length], random))];
    }

    private static OpenSlot Slot(ulong reward, int number, StorageAsk ask, Random random)
    {
        Span<byte> id = stackalloc byte[Bytes32.Size];
        random.NextBytes(id);
        var terms = new SlotTerms
        {
            RequestId = new RequestId(new Bytes32(id)),
            Ask = ask,
            Reward = reward,
            Collateral = ask.SlotSizeBytes,
            ExpiresAt = new UnixSeconds((ulong)random.Next(1 << 20)),
            EndsAt = new UnixSeconds(1 << 21),
        };
        return new OpenSlot(terms, (ulong)random.Next(4), new SlotArrival(number, 0));
    }

    private static StorageAsk Ask(ulong sizeBytes) => new()
    {
        ProofProbability = 3,
        PricePerBytePerSecond = 1,
        CollateralPerByte = 1,
        Slots = 4,
        SlotSizeBytes = sizeBytes,
        DurationSeconds = 86_400,
        MaxSlotLoss = 1,
    };
}
