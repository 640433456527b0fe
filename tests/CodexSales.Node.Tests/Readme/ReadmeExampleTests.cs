using System.Reactive.Linq;
using CodexSales.Rx;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Requests;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Testing.Work;

namespace CodexSales.Node.Tests.Readme;

/// <summary>The README's example of embedding, word for word, and that it does what it says.</summary>
public sealed class ReadmeExampleTests
{
    private static readonly StorageAsk _ask = new()
    {
        Slots = 2,
        SlotSizeBytes = 1 << 30,
        DurationSeconds = 86_400,
        PricePerBytePerSecond = 5,
        CollateralPerByte = 1,
        ProofProbability = 4,
        MaxSlotLoss = 1,
    };

    [Fact]
    public void The_example_sells_two_slots_and_is_paid()
    {
        var steps = new List<SaleStep>();
        var changes = new List<Change<OpenSlot, SlotKey, QueueCause>>();

        Example(_ask, steps.Add, changes.Add);

        Assert.Equal(2, steps.Count(step => step.End is { Reason: SaleReason.Paid }));
        Assert.All(steps.Where(step => step.End is not null), step => Assert.True(step.End!.Earned > UInt256.Zero));
        Assert.Equal(2, changes.Count(change => change.Kind == ChangeKind.Added));
    }

    private static void Example(
        StorageAsk ask, Action<SaleStep> onStep, Action<Change<OpenSlot, SlotKey, QueueCause>> onChange)
    {
        // README: begin
        var time = new VirtualTime();                  // in production: an EventLoopScheduler
        using var chain = new SimulatedChain(time);    // in production: your own IMarket, ISlotStorage and IProver
        var market = chain.ConnectHost(Address.Parse("0x1111111111111111111111111111111111111111"));
        var (storage, prover) = (new SimulatedStorage(time), new SimulatedProver(time));
        using var pipeline = new SalesPipeline(market, storage, prover, new SalesPipelineOptions { Workers = 3 }, time);
        using var queue = pipeline.Queue.Connect().SelectMany(set => set).Subscribe(onChange);
        using var steps = pipeline.Steps.Subscribe(onStep);
        time.Run(() => pipeline.StartAsync());
        time.Run(() => pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("disk 1"), TotalBytes = 1UL << 40, MaxDurationSeconds = 30 * 86_400,
            MinPricePerBytePerSecond = 1, TotalCollateral = 1_000_000_000_000,
        }));
        chain.RequestStorage(ask, expirySeconds: 3_600);
        time.AdvanceBy(TimeSpan.FromDays(2));          // two days of market in a moment
        // README: end
    }
}
