using System.Reactive.Linq;
using CodexSales.Rx;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Testing.Work;

var time = new VirtualTime();                  // in production: an EventLoopScheduler
using var chain = new SimulatedChain(time);    // in production: your own IMarket, ISlotStorage and IProver
var market = chain.ConnectHost(Address.Parse("0x1111111111111111111111111111111111111111"));
var (storage, prover) = (new SimulatedStorage(time), new SimulatedProver(time));
using var pipeline = new SalesPipeline(market, storage, prover, new SalesPipelineOptions { Workers = 3 }, time);
using var queue = pipeline.Queue.Connect().SelectMany(set => set).Subscribe(change => Console.WriteLine($"queue: {change.Kind}, {change.Cause}"));
using var ends = pipeline.Steps.Ended().Subscribe(step => Console.WriteLine($"{step.State}: {step.End!.Reason}, earned {step.End.Earned}"));
time.Run(() => pipeline.StartAsync());
time.Run(() => pipeline.Availabilities.SaveAsync(new Availability
{
    Id = new AvailabilityId("disk 1"), TotalBytes = 1UL << 40, MaxDurationSeconds = 30 * 86_400,
    MinPricePerBytePerSecond = 1, TotalCollateral = 1_000_000_000_000,
}));
chain.RequestStorage(
    new StorageAsk
    {
        Slots = 2, SlotSizeBytes = 1 << 30, DurationSeconds = 86_400, PricePerBytePerSecond = 5,
        CollateralPerByte = 1, ProofProbability = 4, MaxSlotLoss = 1,
    },
    expirySeconds: 3_600);
time.AdvanceBy(TimeSpan.FromDays(2));          // two days of market in a moment
