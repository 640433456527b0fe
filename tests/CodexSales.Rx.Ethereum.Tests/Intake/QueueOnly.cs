using System.Reactive.Linq;
using System.Reflection;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>A pipeline that queues whatever an intake tells of, and sells nothing.</summary>
internal sealed class QueueOnly : IDisposable
{
    private readonly SalesPipeline _pipeline;

    public QueueOnly(IObservable<MarketEvent> events, IObservable<BlockStamp> heads, VirtualTime time)
    {
        var market = DispatchProxy.Create<IMarket, Port>();
        ((Port)(object)market).Answers = new Dictionary<string, object>
        {
            ["get_Events"] = events,
            ["get_Heads"] = heads,
            ["get_FinalHeads"] = Observable.Never<BlockStamp>(),
            [nameof(IMarket.GetMySlotsAsync)] = Task.FromResult<IReadOnlyList<SlotId>>([]),
            [nameof(IMarket.GetRulesAsync)] = Task.FromResult(new MarketRules
            {
                RepairRewardPercent = 10, ProofPeriodSeconds = 120, ProofTimeoutSeconds = 30, ProofDowntimeBlocks = 64,
                MaxMissedProofs = 5,
            }),
        };
        _pipeline = new SalesPipeline(
            market,
            DispatchProxy.Create<ISlotStorage, Port>(),
            DispatchProxy.Create<IProver, Port>(),
            new SalesPipelineOptions { Workers = 0, QueueCapacity = 100_000 },
            time);
        _ = _pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("all"),
            TotalBytes = ulong.MaxValue,
            MaxDurationSeconds = ulong.MaxValue,
            MinPricePerBytePerSecond = 0,
            TotalCollateral = UInt256.MaxValue,
        });
        _pipeline.Steps.Subscribe(_ => { }, error => Assert.Fail(error.ToString()));
        _ = _pipeline.StartAsync();
    }

    public UInt128 OpenSlots => _pipeline.CountOpenSlots();

    public IReadOnlyList<SlotKey> Queue => [.. _pipeline.Queue.Snapshot.Items.Select(open => open.Slot)
        .OrderBy(slot => slot.ToString(), StringComparer.Ordinal)];

    public void Dispose()
    {
        _pipeline.Dispose();
    }

    /// <summary>A port that answers what it was given, and can do nothing else.</summary>
#pragma warning disable CA1852 // A proxy is derived from it as the tests run.
    internal class Port : DispatchProxy
#pragma warning restore CA1852
    {
        public Dictionary<string, object> Answers { get; set; } = [];

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args) => Answers[targetMethod!.Name];
    }
}
