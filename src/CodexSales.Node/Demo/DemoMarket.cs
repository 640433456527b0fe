using System.Reactive.Subjects;
using System.Runtime.ExceptionServices;
using CodexSales.Rx;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Testing.Chain;
using CodexSales.Rx.Testing.Participants;
using CodexSales.Rx.Testing.Time;
using CodexSales.Rx.Testing.Work;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Node.Demo;

/// <summary>A market with clients, competing hosts and our host, in virtual time.</summary>
internal sealed class DemoMarket : IDisposable
{
    private const ulong GiB = 1UL << 30;
    private const ulong DaySeconds = 86_400;

    /// <summary>How many hosts compete with ours.</summary>
    public const int CompetingHosts = 3;

    /// <summary>What our host has for sale.</summary>
    public static readonly ImmutableArray<Availability> Availabilities =
    [
        new()
        {
            Id = new AvailabilityId("fast"),
            TotalBytes = 64 * GiB,
            MaxDurationSeconds = 7 * DaySeconds,
            MinPricePerBytePerSecond = 100,
            TotalCollateral = 10_000_000_000_000,
        },
        new()
        {
            Id = new AvailabilityId("archive"),
            TotalBytes = 512 * GiB,
            MaxDurationSeconds = 30 * DaySeconds,
            MinPricePerBytePerSecond = 5,
            TotalCollateral = 40_000_000_000_000,
        },
    ];

    // Downloads that take minutes keep workers busy, and the queue worth looking at.
    private static readonly SimulatedStorageOptions _slowStorage = new() { BytesPerSecond = 4_000_000, ProgressSteps = 100 };

    private readonly VirtualTime _time = new();
    private readonly CompositeDisposable _everything = [];
    private readonly Subject<SaleStep> _steps = new();
    private Exception? _failure;

    public DemoMarket(DemoOptions options)
    {
        var chain = new SimulatedChain(_time, new SimulatedChainOptions { Seed = options.Seed });
        var us = chain.ConnectHost(SimulatedAccounts.Of(0), new SimulatedMarketOptions
        {
            CallLatency = TimeSpan.FromMilliseconds(100),
            TransactionLatency = TimeSpan.FromSeconds(1),
        });
        Pipeline = new SalesPipeline(
            us,
            new SimulatedStorage(_time, _slowStorage),
            new SimulatedProver(_time, TimeSpan.FromSeconds(5)),
            new SalesPipelineOptions { Workers = options.Workers, QueueCapacity = options.QueueSize, Seed = options.Seed },
            _time);
        _everything.Add(Pipeline.Steps.Subscribe(_steps.OnNext, failure => _failure = failure));
        _ = Pipeline.StartAsync();
        _everything.Add(Pipeline);
        foreach (var availability in Availabilities)
        {
            _ = Pipeline.Availabilities.SaveAsync(availability);
        }

        foreach (var number in Enumerable.Range(1, CompetingHosts))
        {
            _everything.Add(new CompetingHost(
                chain, SimulatedAccounts.Of(number), new CompetingHostOptions { Seed = SeedOf(options, number) }));
        }

        // Hostile requests are for tests: one of them pays so much that all other figures vanish beside it.
        _everything.Add(new SimulatedClients(chain, new SimulatedClientsOptions
        {
            Seed = SeedOf(options, 0), RequestsPerHour = options.RequestsPerHour, HostileShare = 0,
        }));
        _everything.Add(chain);
    }

    public SalesPipeline Pipeline { get; }

    /// <summary>Each step of each of our sales; an error of theirs is thrown by <see cref="RunTo"/>.</summary>
    public IObservable<SaleStep> Steps => _steps.AsObservable();

    public TimeSpan Elapsed => _time.Elapsed;

    public UnixSeconds ChainTime => _time.ChainTime;

    public IObservable<long> Every(TimeSpan period) => Observable.Interval(period, _time);

    public void RunTo(TimeSpan elapsed)
    {
        if (elapsed > _time.Elapsed)
        {
            _time.AdvanceTo(VirtualTime.Start + elapsed);
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    public void Dispose()
    {
        _everything.Dispose();
        _steps.Dispose();
    }

    // Neighbouring seeds must not share parts of their markets.
    private static int SeedOf(DemoOptions options, int number) => unchecked((options.Seed * 1_000_003) + number);
}
