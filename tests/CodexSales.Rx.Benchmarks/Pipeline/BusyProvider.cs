using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>
/// A whole pipeline in virtual time, on a market to which ten requests of four slots come each second.
/// </summary>
internal sealed class BusyProvider
{
    private readonly Random _random = new(1);
    private readonly VirtualTime _time = new(stepsPerMoment: long.MaxValue);
    private readonly InstantMarket _market = new();
    private long _requests;
    private long _ended;

    public BusyProvider()
    {
        var pipeline = new SalesPipeline(
            _market,
            new UnusedStorage(),
            new UnusedProver(),
            new SalesPipelineOptions { MaxRequests = int.MaxValue },
            _time);
        _ = pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("v"),
            TotalBytes = 1UL << 40,
            MaxDurationSeconds = 1_000,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 1UL << 50,
        });
        pipeline.Steps.Subscribe(step => _ended += step.End is null ? 0 : 1);
        _ = pipeline.StartAsync();
        _time.RunDue();
    }

    /// <summary>Goes on until so many more sales have ended, and tells how many have ended in all.</summary>
    public long Sell(int sales)
    {
        for (var end = _ended + sales; _ended < end;)
        {
            var now = _time.ChainTime;
            _market.Mine(now, block => Enumerable.Range(0, 10).Select(_ =>
            {
                var terms = SampleGroups.Terms(++_requests, 4, _random);
                return new StorageRequested(block, terms.RequestId, terms.Ask, now.Plus(1_000));
            }));
            _time.AdvanceBy(TimeSpan.FromSeconds(1));
        }

        return _ended;
    }
}
