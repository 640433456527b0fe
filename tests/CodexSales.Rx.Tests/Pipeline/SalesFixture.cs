namespace CodexSales.Rx.Tests.Pipeline;

/// <summary>
/// The real pipeline on a simulated market, in virtual time: one host, one generous availability, unless a test says
/// otherwise.
/// </summary>
internal sealed class SalesFixture : IDisposable
{
    public const ulong GiB = 1UL << 30;

    public static readonly Address Us = Address.Parse("0x1111111111111111111111111111111111111111");
    private static readonly Address Them = Address.Parse("0x2222222222222222222222222222222222222222");

    private readonly SalesPipelineOptions _options;
    private readonly IMarket _wrapped;
    private readonly ISalesStore? _store;

    public SalesFixture(
        SalesPipelineOptions? options = null,
        Func<IMarket, IMarket>? wrap = null,
        ISalesStore? store = null,
        SimulatedChainOptions? chain = null,
        VirtualTime? time = null,
        SimulatedMarketOptions? market = null)
    {
        Time = time ?? new VirtualTime();
        Clock = new ShiftedClock(Time);
        Chain = new SimulatedChain(Time, chain);
        Market = Chain.ConnectHost(Us, market);
        Market.Faults = call =>
        {
            Calls.Add(call);
            return Fault(call);
        };
        Others = Chain.ConnectHost(Them);
        Obstacles = new ObstructedMarket(Market);
        _wrapped = wrap?.Invoke(Obstacles) ?? Obstacles;
        _store = store;
        _options = options ?? new SalesPipelineOptions();
        Pipeline = MakePipeline();
    }

    public VirtualTime Time { get; }

    /// <summary>The clock of the machine that the pipeline runs on.</summary>
    public ShiftedClock Clock { get; }

    public SimulatedChain Chain { get; }

    public SimulatedMarket Market { get; }

    public SimulatedMarket Others { get; }

    /// <summary>What goes wrong between the pipeline and the market; by default nothing.</summary>
    public ObstructedMarket Obstacles { get; }

    /// <summary>What goes wrong on the market with a call of this host; by default nothing.</summary>
    public Func<MarketCall, MarketFault> Fault { get; set; } = _ => MarketFault.None;

    /// <summary>Every call of this host that reached the market.</summary>
    public List<MarketCall> Calls { get; } = [];

    public ScriptedStorage Storage { get; } = new();

    public ScriptedProver Prover { get; } = new();

    public SalesPipeline Pipeline { get; private set; }

    public List<SaleStep> Steps { get; } = [];

    public List<ChangeSet<OpenSlot, SlotKey, QueueCause>> QueueChanges { get; } = [];

    public List<Refusal> Refusals { get; } = [];

    public List<SaleTrouble> Troubles { get; } = [];

    public List<RecoveredSale> Recovered { get; } = [];

    public List<int> Busy { get; } = [];

    public Exception? Failure { get; private set; }

    public IEnumerable<SaleStep> Ends => Steps.Where(step => step.End is not null);

    public IEnumerable<SlotKey> Started =>
        Steps.Where(step => step.State == SaleStateName.SalePreparing).Select(step => step.Sale.Slot);

    public AvailabilityBalance Balance => Assert.Single(Pipeline.Availabilities.Snapshot);

    public static Availability Offer(ulong gib = 64, ulong price = 1) => new()
    {
        Id = new AvailabilityId("v1"),
        TotalBytes = gib * GiB,
        MaxDurationSeconds = 30 * 86_400,
        MinPricePerBytePerSecond = price,
        TotalCollateral = UInt256.Parse("1000000000000000"),
    };

    public static StorageAsk Ask(
        ulong price,
        ulong slots = 1,
        ulong sizeBytes = GiB,
        ulong durationSeconds = 86_400,
        ulong? maxSlotLoss = null) => new()
    {
        ProofProbability = 4,
        PricePerBytePerSecond = price,
        CollateralPerByte = 1,
        Slots = slots,
        SlotSizeBytes = sizeBytes,
        DurationSeconds = durationSeconds,
        MaxSlotLoss = maxSlotLoss ?? slots,
    };

    /// <summary>Starts the pipeline with an availability, and lets it settle.</summary>
    public SalesFixture Run(Availability? availability = null)
    {
        Save(availability ?? Offer());
        Failure = null;
        _ = Pipeline.StartAsync();
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

    /// <summary>Other hosts take all reservations of a slot, in the next block.</summary>
    public void ReserveElsewhere(SlotKey slot)
    {
        for (byte host = 1; host <= Chain.Options.MaxReservations; host++)
        {
            var name = host.ToString(CultureInfo.InvariantCulture).PadLeft(40, '3');
            _ = Chain.ConnectHost(Address.Parse($"0x{name}")).ReserveSlotAsync(slot, default);
        }

        Advance(TimeSpan.FromSeconds(Chain.Options.BlockSeconds));
    }

    public void Advance(TimeSpan span) => Time.AdvanceBy(span);

    public void Stop() => Pipeline.Dispose();

    /// <summary>
    /// The process ends in the middle of what it does, and another one with the same account and disk takes over.
    /// </summary>
    public SalesFixture Restart(Availability? availability = null)
    {
        Renew();
        return Run(availability);
    }

    /// <summary>
    /// The same, with the store that this fixture was made with: what is for sale is remembered, too.
    /// </summary>
    public SalesFixture RestartFromStore()
    {
        Renew();
        Failure = null;
        _ = Pipeline.StartAsync();
        Time.RunDue();
        return this;
    }

    /// <summary>
    /// Lets everything come to its end, and checks what holds then, whatever happened: each sale ended once, and
    /// nothing of it is left.
    /// </summary>
    public void RunToTheEnd()
    {
        var days = 0.0;
        do
        {
            Advance(TimeSpan.FromDays(0.01));
        }
        while (!IsAtRest && (days += 0.01) < 60);

        Assert.Null(Failure);
        Assert.All(Steps.GroupBy(step => step.Sale.Number), sale =>
        {
            Assert.Single(sale, step => step.End is not null);
            Assert.NotNull(sale.Last().End);
        });
        Assert.Equal(
            (0UL, 0UL, UInt256.Zero, 0),
            (Balance.HeldBytes, Balance.UsedBytes, Balance.HeldCollateral, Balance.Sales));
        Assert.Equal(0, Busy[^1]);
        Assert.Empty(Storage.Slots);
        Assert.Equal(0, Storage.Running);
        Stop();
        Assert.Equal(0, Time.PendingCount);
    }

    // All that still comes by itself is the next block.
    private bool IsAtRest => Pipeline.Sales.Count == 0 && Chain.IsQuiet && Time.PendingCount <= 1;

    public void Dispose()
    {
        Stop();
        Chain.Dispose();
    }

    private void Renew()
    {
        Stop();
        Steps.Clear();
        Busy.Clear();
        Recovered.Clear();
        Pipeline = MakePipeline();
    }

    private SalesPipeline MakePipeline()
    {
        var pipeline = new SalesPipeline(_wrapped, Storage, Prover, _options, Clock, _store);
        pipeline.Steps.Subscribe(Steps.Add, error => Failure = error);
        pipeline.Recovered.Subscribe(Recovered.Add);
        pipeline.Queue.Connect().Subscribe(QueueChanges.Add);
        pipeline.Refusals.Subscribe(Refusals.Add);
        pipeline.Troubles.Subscribe(Troubles.Add);
        pipeline.Workers.Status.Subscribe(status => Busy.Add(status.Busy));
        return pipeline;
    }
}
