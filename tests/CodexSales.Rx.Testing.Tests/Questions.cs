namespace CodexSales.Rx.Testing.Tests;

/// <summary>Questions to a host's market, as of the newest block that it tells.</summary>
internal static class Questions
{
    public static BlockStamp Newest(this IMarket market)
    {
        var newest = default(BlockStamp);
        using var heads = market.Heads.Subscribe(head => newest = head);
        return newest;
    }

    public static SlotView ViewOf(this IMarket market, VirtualTime time, SlotKey slot) =>
        time.Run(() => market.GetSlotAsync(slot, market.Newest(), default));

    public static SlotOffer OfferOf(this IMarket market, VirtualTime time, SlotKey slot) =>
        time.Run(() => market.GetOfferAsync(slot, market.Newest(), default));

    public static bool MayReserve(this IMarket market, VirtualTime time, SlotKey slot) =>
        market.OfferOf(time, slot).MayReserve;

    public static BlockStamp WithoutHash(this BlockStamp block) => block with { Hash = default };

    public static IEnumerable<MarketEvent> WithoutBlocks(this IEnumerable<MarketEvent> events) =>
        events.Where(happened => happened is not BlockTold);
}
