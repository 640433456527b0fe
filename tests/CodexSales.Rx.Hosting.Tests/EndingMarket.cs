using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Hosting.Tests;

/// <summary>A market whose events may end as soon as somebody listens.</summary>
internal sealed class EndingMarket(IMarket market, Func<bool> ends) : DelegatingMarket(market)
{
    public Exception? Error { get; init; }

    public override IObservable<MarketEvent> Events => Observable.Defer(() =>
        !ends() ? base.Events
        : Error is null ? Observable.Empty<MarketEvent>(CurrentThreadScheduler.Instance)
        : Observable.Throw<MarketEvent>(Error));
}
