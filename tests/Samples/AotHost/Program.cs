using System.Reactive.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;
using CodexSales.Rx;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Testing.Work;
using Microsoft.Extensions.Configuration;

// Limits by the configuration of .NET, what is for sale by System.Text.Json: both as code that is generated.
var file = Path.Combine(AppContext.BaseDirectory, "host.json");
var options = new ConfigurationBuilder().AddJsonFile(file).Build().GetSection("Pipeline").Get<SalesPipelineOptions>()!;
var offers = JsonSerializer.Deserialize(File.ReadAllText(file), HostJson.Default.Host)!.Availabilities;

// A day of a simulated market takes a moment: with an EventLoopScheduler and a real market the rest is the same.
var time = new VirtualTime();
using var chain = new SimulatedChain(time);
using var pipeline = new SalesPipeline(
    chain.ConnectHost(Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed")),
    new SimulatedStorage(time),
    new SimulatedProver(time),
    options,
    time);
using var ends = pipeline.Steps
    .Where(step => step.End is not null)
    .Subscribe(step => Console.WriteLine($"{step.State}: {step.End!.Reason}, earned {step.End.Earned}"));
time.Run(() => pipeline.StartAsync());
foreach (var offer in offers)
{
    time.Run(() => pipeline.Availabilities.SaveAsync(offer));
}

chain.RequestStorage(
    new StorageAsk
    {
        Slots = 2,
        SlotSizeBytes = 1 << 20,
        DurationSeconds = 36_000,
        ProofProbability = 1,
        PricePerBytePerSecond = 3,
        CollateralPerByte = 1,
        MaxSlotLoss = 1,
    },
    expirySeconds: 3_600);
time.AdvanceBy(TimeSpan.FromDays(1));
Console.WriteLine($"{pipeline.Workers.Snapshot.Limit} workers, {options.Selling.ReserveDeadline} to reserve");

internal sealed record Host(IReadOnlyList<Availability> Availabilities);

[JsonSerializable(typeof(Host))]
internal sealed partial class HostJson : JsonSerializerContext;
