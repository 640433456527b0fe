using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Market;
using CodexSales.Rx.Pipeline;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing;

namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>The real pipeline on a simulated market, in virtual time: one host, one generous availability, unless a test says otherwise.</summary>
internal sealed class SalesFixture : IDisposable
{
    public const ulong GiB = 1UL << 30;

    private static readonly Address Us = Address.Parse("0x1111111111111111111111111111111111111111");
    private static readonly Address Them = Address.Parse("0x2222222222222222222222222222222222222222");

    private IDisposable? _run;

    public SalesFixture(SalesPipelineOptions? options = null, Func<IMarket, IMarket>? wrap = null)
    {
        Chain = new SimulatedChain(Time);
        Market = Chain.ConnectHost(Us);
        Others = Chain.ConnectHost(Them);
        Pipeline = new SalesPipeline(
            wrap?.Invoke(Market) ?? Market, Storage, Prover, options ?? new SalesPipelineOptions(), Time);
        Pipeline.Queue.Connect().Subscribe(QueueChanges.Add);
        Pipeline.Refusals.Subscribe(Refusals.Add);
        Pipeline.Troubles.Subscribe(Troubles.Add);
        Pipeline.Workers.Status.Subscribe(status => Busy.Add(status.Busy));
    }

    public VirtualTime Time { get; } = new();

    public SimulatedChain Chain { get; }

    public SimulatedMarket Market { get; }

    public SimulatedMarket Others { get; }

    public ScriptedStorage Storage { get; } = new();

    public ScriptedProver Prover { get; } = new();

    public SalesPipeline Pipeline { get; }

    public List<SaleStep> Steps { get; } = [];

    public List<ChangeSet<OpenSlot, SlotKey, QueueCause>> QueueChanges { get; } = [];

    public List<Refusal> Refusals { get; } = [];

    public List<SaleTrouble> Troubles { get; } = [];

    public List<int> Busy { get; } = [];

    public Exception? Failure { get; private set; }

    public IEnumerable<SaleStep> Ends => Steps.Where(step => step.End is not null);

    public IEnumerable<SlotKey> Started =>
        Steps.Where(step => step.State == SaleStateName.SalePreparing).Select(step => step.Sale.Slot);

    public AvailabilityBalance Balance => Assert.Single(Pipeline.Availabilities.Current);

    public static Availability Offer(ulong gib = 64, ulong price = 1) => new()
    {
        Id = new AvailabilityId("v1"),
        TotalBytes = gib * GiB,
        MaxDurationSeconds = 30 * 86_400,
        MinPricePerBytePerSecond = price,
        TotalCollateral = UInt256.Parse("1000000000000000"),
    };

    public static StorageAsk Ask(ulong price, ulong slots = 1, ulong sizeBytes = GiB, ulong durationSeconds = 86_400) => new()
    {
        ProofProbability = 4,
        PricePerBytePerSecond = price,
        CollateralPerByte = 1,
        Slots = slots,
        SlotSizeBytes = sizeBytes,
        DurationSeconds = durationSeconds,
        MaxSlotLoss = slots,
    };

    /// <summary>Starts the pipeline with an availability, and lets it settle.</summary>
    public SalesFixture Run(Availability? availability = null)
    {
        Save(availability ?? Offer());
        _run = Pipeline.Run().Subscribe(Steps.Add, error => Failure = error);
        Time.RunDue();
        return this;
    }

    public void Save(Availability availability)
    {
        var answer = Pipeline.Availabilities.SaveAsync(availability);
        Time.RunDue();
        Assert.IsType<LedgerChanged>(answer.GetAwaiter().GetResult());
    }

    /// <summary>A client's request, in the next block.</summary>
    public RequestId Request(StorageAsk ask, ulong expirySeconds = 3_600)
    {
        var id = Chain.RequestStorage(ask, expirySeconds);
        Time.AdvanceBy(TimeSpan.FromSeconds(Chain.Options.BlockSeconds));
        return id;
    }

    /// <summary>Another host reserves and fills a slot, within two blocks.</summary>
    public void FillElsewhere(SlotKey slot)
    {
        Time.Run(() => Others.ReserveSlotAsync(slot, default));
        var fill = Time.Run(() => Others.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default));
        Assert.IsType<TransactionLanded>(fill);
    }

    public void Advance(TimeSpan span) => Time.AdvanceBy(span);

    public void Stop() => _run?.Dispose();

    public void Dispose()
    {
        Stop();
        Pipeline.Dispose();
        Chain.Dispose();
    }
}
