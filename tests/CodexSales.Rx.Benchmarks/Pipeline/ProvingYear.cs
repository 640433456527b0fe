using System.Diagnostics;
using System.Globalization;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Resilience;

namespace CodexSales.Rx.Benchmarks.Pipeline;

/// <summary>A year of hosting twenty slots that must be proved every 120 s: the real pipeline on a simulated market.</summary>
internal static class ProvingYear
{
    private const int Slots = 20;
    private const int Days = 365;

    /// <summary>The longest that the contract takes; afterwards the client asks again.</summary>
    private const int DaysOfRequest = 30;

    public static void WriteTo(TextWriter output, int failingPercent)
    {
        var time = new VirtualTime();
        using var chain = new SimulatedChain(time);
        var random = new Random(1);
        var market = chain.ConnectHost(Address.Parse("0x1111111111111111111111111111111111111111"));
        market.Faults = _ => random.Next(100) < failingPercent ? MarketFault.Lost : MarketFault.None;
        using var pipeline = new SalesPipeline(
            market, new SimulatedStorage(time), new SimulatedProver(time, TimeSpan.FromSeconds(10)),
            new SalesPipelineOptions { Selling = new SellingOptions { MaxProofsAtOnce = Slots } }, time);
        _ = pipeline.Availabilities.SaveAsync(new Availability
        {
            Id = new AvailabilityId("v1"),
            TotalBytes = 1UL << 40,
            MaxDurationSeconds = DaysOfRequest * 86_400,
            MinPricePerBytePerSecond = 1,
            TotalCollateral = UInt256.MaxValue,
        });
        var (missed, paid) = (0, 0);
        using var steps = pipeline.Steps.Subscribe(step =>
        {
            missed += step.End is { } ? step.MissedProofs : 0;
            paid += step.End is { Reason: SaleReason.Paid } ? 1 : 0;
        });
        _ = pipeline.StartAsync();

        var watch = Stopwatch.StartNew();
        for (var day = 0; day < Days; day += DaysOfRequest)
        {
            chain.RequestStorage(Ask(Math.Min(DaysOfRequest, Days - day)), expirySeconds: 3_600);
            time.AdvanceBy(TimeSpan.FromDays(Math.Min(DaysOfRequest, Days - day)) + TimeSpan.FromHours(1));
        }

        var books = pipeline.Availabilities.Totals;
        var slotYears = Slots / watch.Elapsed.TotalMinutes;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Slots} slots for {Days} days, {failingPercent} % of calls fail: {paid} sales paid, {missed} periods missed, "
                + $"{books.Slashed} slashed, {books.Lost} lost; {watch.Elapsed.TotalSeconds:F0} s, {slotYears:F1} slot-years a minute"));
    }

    // One draw in one: each period wants a proof, but for the downtime.
    private static StorageAsk Ask(int days) => new()
    {
        ProofProbability = 1,
        PricePerBytePerSecond = 1,
        CollateralPerByte = 1,
        Slots = Slots,
        SlotSizeBytes = 1 << 20,
        DurationSeconds = (ulong)days * 86_400,
        MaxSlotLoss = Slots,
    };
}
