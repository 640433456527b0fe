using CodexSales.Rx.Domain;
using CodexSales.Rx.Resilience;
using CodexSales.Rx.Testing.Contract;

namespace CodexSales.Rx.Simulation.Scenarios;

/// <summary>Draws a scenario from a seed: market, provider, and whatever goes wrong.</summary>
internal sealed partial class ScenarioDraw
{
    private const ulong MiB = 1UL << 20;

    private static readonly string[] CallsToDieIn =
    [
        "ReserveSlotAsync", "FillSlotAsync", "FreeSlotAsync", "SubmitProofAsync", "GetSlotAsync", "GetOfferAsync", "GetMySlotsAsync",
        "Store", "ClearAsync", "SaveAsync", "ProveAsync", "KeepUntilAsync",
    ];

    private const int DeepestReorganisation = 6;

    private readonly int _seed;
    private readonly Random _random;
    private readonly List<Act> _acts = [];
    private readonly List<Asked> _requests = [];
    private readonly TimeSpan _span;

    private ScenarioDraw(int seed)
    {
        _seed = seed;
        _random = new Random(seed);
        _span = TimeSpan.FromHours(Pick(1, 2, 2, 4, 6, 10));
    }

    /// <summary>The scenario of a seed. The same in every process.</summary>
    public static Scenario Of(int seed) => new ScenarioDraw(seed).Draw();

    private Scenario Draw()
    {
        var settings = DrawSettings();
        DrawOffers();
        DrawMarket();
        DrawTroubles();
        DrawCrashes();
        DrawReorganisations();
        DrawAdjustments();
        DrawHalts();
        DrawClock();
        DrawOutages();

        settings = DrawNode(settings) with
        {
            NewsDelay = Pick(
                TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20), Minutes(1, 5)),
            ToldTwicePercent = Pick(0, 0, 30),
        };
        if (_acts.Exists(act => act is Reorganised or Outrun))
        {
            settings = settings with { Chain = settings.Chain with { MaxReorganisation = DeepestReorganisation } };
        }

        // A million slots that end at once would all be tried at that moment if answers took no time.
        if (_requests.Any(asked => asked.Ask.Slots > 1_000) && settings.Market.CallLatency == TimeSpan.Zero)
        {
            settings = settings with { Market = settings.Market with { CallLatency = TimeSpan.FromMilliseconds(200) } };
        }

        // Acts of the same moment stay in the order in which they were drawn.
        return new Scenario(_seed, settings, [.. _acts.OrderBy(act => act.At)]);
    }

    private Settings DrawSettings()
    {
        var defaults = new SimulatedChainOptions();
        return new Settings
        {
            Span = _span,
            Chain = defaults with
            {
                Seed = _random.Next(),
                Rules = defaults.Rules with { ProofPeriodSeconds = Pick<ulong>(120, 120, 300, 600) },
                MaxReservations = (byte)Pick(3, 3, 1, 2),
                HostFunds = Chance(15) ? (UInt256)(ulong)_random.NextInt64(1L << 30, 1L << 34) : defaults.HostFunds,
            },
            Market = new SimulatedMarketOptions
            {
                CallLatency = Pick(
                    TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3)),
                TransactionLatency = Pick(TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)),
            },
            Storage = new SimulatedStorageOptions
            {
                BytesPerSecond = Pick(MiB / 2, 4 * MiB, 50 * MiB),
                ProgressSteps = Pick(1, 4),
                CallLatency = Pick(TimeSpan.Zero, TimeSpan.FromSeconds(2)),
            },
            NewsDelay = TimeSpan.Zero,
            ToldTwicePercent = 0,
            ProofTime = Pick(TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(40)),
            WriteTime = TimeSpan.FromSeconds(Pick(0, 20, 0.02, 1)),
            Competitor = Chance(30)
                ? new CompetingHostOptions
                {
                    Seed = _random.Next(),
                    Interest = 0.4,
                    LongestDelay = TimeSpan.FromMinutes(20),
                }
                : null,
            Pipeline = DrawOptions(),
        };
    }

    private SalesPipelineOptions DrawOptions() => new()
    {
        Workers = Pick(1, 2, 3, 3),
        MaxWorkers = 4,
        QueueCapacity = Pick(1, 3, 8, 128, 128),
        Seed = _random.Next(),
        Selling = Chance(50) ? new SellingOptions() : new SellingOptions
        {
            ReserveDeadline = Minutes(1, 15),
            DownloadDeadline = Minutes(10, 120),
            DownloadStallDeadline = Minutes(1, 10) + TimeSpan.FromMilliseconds(1), // Not at the moment of the bytes themselves.
            ProveDeadline = Minutes(1, 10),
            TransactionDeadline = Minutes(1, 15),
            AnswerDeadline = TimeSpan.FromSeconds(_random.Next(5, 90)),
            StorageDeadline = Minutes(1, 10),
            LongestRetryDelay = TimeSpan.FromSeconds(_random.Next(5, 120)),
            MaxProofsAtOnce = Pick(1, 1, 2, 8),
            SecondTryPause = Minutes(1, 10),
        },
    };

    private void DrawOffers()
    {
        var offers = _random.Next(1, 4);
        for (var offer = 0; offer < offers; offer++)
        {
            var id = new AvailabilityId($"v{offer + 1}");
            _acts.Add(new Offered(offer == 0 ? TimeSpan.Zero : Moment(0.5), DrawOffer(id)));
            while (Chance(45))
            {
                _acts.Add(Pick(0, 1, 2, 2, 2) switch
                {
                    0 => new Drained(Moment(), id),
                    1 => new Withdrawn(Moment(), id),
                    _ => new Offered(Moment(), DrawOffer(id)),
                });
            }
        }
    }

    private Availability DrawOffer(AvailabilityId id) => new()
    {
        Id = id,
        TotalBytes = Between(64 * MiB, 8_192 * MiB),
        MaxDurationSeconds = Pick<ulong>(7_200, 86_400, 86_400),
        MinPricePerBytePerSecond = Pick<ulong>(1, 1, 2, 4),
        TotalCollateral = Chance(20) ? Between(64 * MiB, 4_096 * MiB) : UInt256.Parse("1000000000000000"),
        IsDisabled = Chance(10),
        Until = Chance(15) ? UnixSeconds.From(VirtualTime.Start + (_span * (0.5 + (2 * _random.NextDouble())))) : null,
    };

    private void DrawTroubles()
    {
        if (Chance(25))
        {
            return;
        }

        var troubles = _random.Next(1, 7);
        for (var trouble = 0; trouble < troubles; trouble++)
        {
            var port = Pick(
                Port.Questions, Port.Transactions, Port.Download, Port.StorageCalls, Port.Prover, Port.Store);
            var kind = port switch
            {
                Port.Questions => Pick(Trouble.Fails, Trouble.Stalls),
                Port.Transactions => Pick(
                    Trouble.Fails, Trouble.Stalls, Trouble.Unheard, Trouble.Late, Trouble.ReceiptLate),
                Port.Store => Pick(Trouble.Fails, Trouble.Stalls, Trouble.Slow, Trouble.Unheard),
                _ => Pick(Trouble.Fails, Trouble.Stalls, Trouble.Slow),
            };
            _acts.Add(new Troubled(Moment(), Minutes(1, Pick(5, 60)), port, kind, Pick(20, 50, 100), _random.Next()));
        }
    }

    private void DrawCrashes()
    {
        var crashes = Chance(50) ? 0 : _random.Next(1, 4);
        for (var crash = 0; crash < crashes; crash++)
        {
            _acts.Add(new Crashed(
                Moment(),
                Chance(70) ? TimeSpan.FromSeconds(_random.Next(0, 120)) : Minutes(2, 90),
                Chance(50) ? CallsToDieIn[_random.Next(CallsToDieIn.Length)] : null,
                Chance(50),
                Chance(50)));
        }
    }

    private void DrawAdjustments()
    {
        while (Chance(40))
        {
            var at = Moment();
            switch (_random.Next(3))
            {
                case 0:
                    _acts.Add(new Adjusted(at, _random.Next(0, 5), null, null));
                    break;
                case 1:
                    _acts.Add(new Adjusted(at, null, true, null));
                    _acts.Add(new Adjusted(at + Minutes(1, 30), null, false, null));
                    break;
                default:
                    _acts.Add(new Adjusted(at, null, null, Pick(1, 2, 5, 50)));
                    break;
            }
        }
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params ReadOnlySpan<T> from) => from[_random.Next(from.Length)];

    // Each order of magnitude is as likely as any other.
    private ulong Between(ulong least, ulong most) =>
        Math.Clamp((ulong)(least * Math.Pow((double)most / least, _random.NextDouble())), least, most);

    private TimeSpan Minutes(int least, int most) => TimeSpan.FromSeconds(_random.Next(60 * least, (60 * most) + 1));

    // To the second, as blocks come: things then meet more often.
    private TimeSpan Moment(double part = 1) => TimeSpan.FromSeconds(_random.Next((int)(_span.TotalSeconds * part)));
}
