using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Local.Tests.Selling;

/// <summary>The real pipeline with one worker and real ports, on a simulated market.</summary>
internal sealed class RealSales : IDisposable
{
    private readonly SimulatedChain _chain;

    public RealSales(SharedVirtualTime time, ISlotStorage storage, IProver prover)
    {
        Time = time;
        _chain = new SimulatedChain(time);
        var market = _chain.ConnectHost(Address.Parse("0x1111111111111111111111111111111111111111"));
        var work = new RealWork(time, storage, prover);
        Pipeline = new SalesPipeline(market, work, work, new SalesPipelineOptions { Workers = 1 }, time);
        _ = Pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("disk"),
            TotalBytes = 10_000_000,
            MaxDurationSeconds = 86_400,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = 10_000_000,
        });
        Pipeline.Steps.Subscribe(Steps.Add, error => Failure = error);
        _ = Pipeline.StartAsync();
    }

    public SharedVirtualTime Time { get; }

    public SalesPipeline Pipeline { get; }

    public List<SaleStep> Steps { get; } = [];

    public Exception? Failure { get; private set; }

    public AvailabilityBalance Balance => Assert.Single(Pipeline.Availabilities.Snapshot);

    /// <summary>A request for one slot; the dearest one is sold first.</summary>
    public RequestId Request(ulong price, ulong sizeBytes = 1_000) => _chain.RequestStorage(
        new StorageAsk
        {
            ProofProbability = 1_000,
            PricePerBytePerSecond = price,
            CollateralPerByte = 1,
            Slots = 1,
            SlotSizeBytes = sizeBytes,
            DurationSeconds = 4_000,
            MaxSlotLoss = 1,
        },
        expirySeconds: 3_000);

    public void RunUntil(Func<bool> condition) => Time.RunUntil(() => Failure is not null || condition());

    public bool Has(RequestId request, SaleStateName state) =>
        Steps.Exists(step => step.Sale.Slot.RequestId == request && step.State == state);

    public SaleEnd? EndOf(RequestId request) =>
        Steps.Find(step => step.Sale.Slot.RequestId == request && step.End is not null)?.End;

    public void Dispose()
    {
        Pipeline.Dispose();
        _chain.Dispose();
    }
}
