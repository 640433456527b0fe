using System.Reactive.Concurrency;

namespace CodexSales.Rx.Sqlite.Tests.Crashes;

/// <summary>Asks for storage, in the same way in every process.</summary>
internal static class Client
{
    private const int Requests = 20;

    public static void Schedule(SimulatedChain chain, VirtualTime time, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < Requests; i++)
        {
            var at = TimeSpan.FromSeconds(random.Next(0, 7_200));
            var ask = new StorageAsk
            {
                ProofProbability = 2,
                PricePerBytePerSecond = (ulong)random.Next(1, 9),
                CollateralPerByte = (ulong)random.Next(1, 9),
                Slots = (ulong)random.Next(1, 4),
                SlotSizeBytes = (ulong)random.Next(1, 1_000),
                DurationSeconds = (ulong)random.Next(3_600, 7_200),
                MaxSlotLoss = 1,
            };
            time.Schedule(at, () => chain.RequestStorage(ask, expirySeconds: 3_000));
        }
    }
}
