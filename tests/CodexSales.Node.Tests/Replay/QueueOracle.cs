using System.Numerics;

namespace CodexSales.Node.Tests.Replay;

/// <summary>What the queue must be after a block, worked out from the logs with none of the pipeline's code.</summary>
internal static class QueueOracle
{
    private static readonly BigInteger _limit = BigInteger.Pow(2, 256);

    /// <summary>The lots that are queued, best first: a request's slots together, slots in repair each alone.</summary>
    public static IReadOnlyList<Lot> LotsAfter(long block, long time, IReadOnlyList<Offer> offers)
    {
        var past = RecordedLogs.All.TakeWhile(log => log.Block <= block).Index().ToList();
        return
        [
            .. past.Where(log => log.Item.Event == "StorageRequested")
                .Where(log => IsSane(log.Item))
                .SelectMany(log => LotsOf(
                    log.Item, log.Index, [.. past.Where(other => other.Item.RequestId == log.Item.RequestId)], time))
                .Where(lot => lot.Count > 0 && offers.Any(offer => offer.Takes(lot)))
                .OrderByDescending(lot => lot.Reward)
                .ThenBy(lot => lot.Collateral)
                .ThenByDescending(lot => lot.OpenUntil)
                .ThenBy(lot => lot.Request.Size)
                .ThenBy(lot => lot.Arrival),
        ];
    }

    private static bool IsSane(RecordedLog request) =>
        request.Price * request.Size * request.Duration is { Sign: > 0 } reward && reward < _limit
        && request.CollateralPerByte * request.Size < _limit
        && request.Slots > 0
        && request.Time <= request.Expiry;

    private static IEnumerable<Lot> LotsOf(
        RecordedLog request, int arrival, IReadOnlyList<(int Index, RecordedLog Item)> events, long time)
    {
        var isStarted = events.Any(log => log.Item.Event == "RequestFulfilled");
        var isOver = events.Any(log => log.Item.Event is "RequestCancelled" or "RequestFailed")
            || time > (isStarted ? request.Time + request.Duration : request.Expiry);
        if (isOver)
        {
            yield break;
        }

        var slots = events
            .Where(log => log.Item.Event.StartsWith("Slot", StringComparison.Ordinal))
            .Where(log => log.Item.SlotIndex < request.Slots)
            .GroupBy(log => log.Item.SlotIndex)
            .ToList();
        if (!isStarted)
        {
            yield return new Lot(request, arrival, null, [.. slots.Select(slot => slot.Key)]);
        }

        foreach (var slot in slots.Where(slot => slot.Last().Item.Event == "SlotFreed"))
        {
            yield return new Lot(request, slot.Last().Index, slot.Key, []) { FreedAt = slot.Last().Item.Time };
        }
    }

    /// <summary>Space for sale.</summary>
    public sealed record Offer(
        BigInteger Size, BigInteger Duration, BigInteger Price, BigInteger Collateral, BigInteger? Until = null)
    {
        public bool Takes(Lot lot) =>
            lot.Request.Size <= Size
            && lot.Duration <= Duration
            && lot.Request.Price >= Price
            && lot.Collateral <= Collateral
            && (Until is null || lot.Request.Time + lot.Request.Duration <= Until);
    }

    /// <summary>Open slots on the same terms.</summary>
    /// <param name="Request">Their request.</param>
    /// <param name="Arrival">When they came.</param>
    /// <param name="Repaired">The one slot in repair, or null for all those that nothing happened to.</param>
    /// <param name="Touched">Those that something happened to.</param>
    public sealed record Lot(RecordedLog Request, int Arrival, ulong? Repaired, HashSet<ulong> Touched)
    {
        /// <summary>When a slot in repair lost its host.</summary>
        public long FreedAt { get; init; }

        public BigInteger OpenUntil => Repaired is null ? Request.Expiry : Request.Time + Request.Duration;

        public BigInteger Duration => Repaired is null ? Request.Duration : OpenUntil - FreedAt;

        public BigInteger Reward => (Request.Price * Request.Size * Duration) + (FullCollateral - Collateral);

        public BigInteger Collateral => Repaired is null ? FullCollateral : FullCollateral - (FullCollateral * 10 / 100);

        private BigInteger FullCollateral => Request.CollateralPerByte * Request.Size;

        public ulong Count => Repaired is null ? Request.Slots - (ulong)Touched.Count : 1;

        public bool Has(string requestId, ulong index) => requestId == Request.RequestId
            && (Repaired is null ? index < Request.Slots && !Touched.Contains(index) : index == Repaired);
    }
}
