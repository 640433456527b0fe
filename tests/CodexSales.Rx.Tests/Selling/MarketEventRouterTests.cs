using CodexSales.Rx.Tests.Queueing;

namespace CodexSales.Rx.Tests.Selling;

/// <summary>Which sale hears of which event.</summary>
public sealed class MarketEventRouterTests
{
    [Fact]
    public void A_request_is_forgotten_with_the_last_sale_that_listens()
    {
        var router = new MarketEventRouter();
        var request = QueueSamples.IdOf(7);
        var heard = new List<MarketEvent>();
        var failed = new RequestFailed(new BlockStamp(1, new UnixSeconds(1)), request);
        var first = router.About(request).Subscribe(heard.Add);
        var second = router.About(request).Subscribe(heard.Add);

        first.Dispose();
        router.Route(failed);
        Assert.Equal([failed], heard);

        second.Dispose();
        Assert.Null(Leftovers.Find([router]));
    }
}
