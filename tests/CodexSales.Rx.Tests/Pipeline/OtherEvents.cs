namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>A market that tells of its events in another way.</summary>
internal sealed class OtherEvents(IMarket market, IObservable<MarketEvent> events) : DelegatingMarket(market)
{
    public override IObservable<MarketEvent> Events => events;
}
