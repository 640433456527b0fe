using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Threading.Channels;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Web.Page.Text;
using Microsoft.Extensions.Hosting;

namespace CodexSales.Rx.Web.Page.Recent;

/// <summary>
/// What the page shows of the last minutes and hours, kept once for all viewers, and bounded. The host's core only puts a step into a
/// channel; all else is done elsewhere.
/// </summary>
internal sealed class HostMemory(ISalesHost host, IMeterFactory meters, TimeProvider time) : BackgroundService
{
    private const int MostPoints = 400;
    private const int MostEnded = 300;
    private const int MostSteps = 20;
    private const int MostTroubles = 20;
    private static readonly TimeSpan _lookEach = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<long, SaleLane> _running = [];
    private readonly Samples _samples = new(MostPoints);
    private readonly Channel<SaleStep> _steps = Channel.CreateBounded<SaleStep>(
        new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private volatile ImmutableList<SaleLane> _ended = [];
    private volatile ImmutableList<SaleStep> _latest = [];
    private volatile ImmutableList<SaleTrouble> _troubles = [];
    private volatile SalesHostHealth? _health;
    private long _made;
    private long _missed;

    /// <summary>How it is doing, at most a second old.</summary>
    public SalesHostHealth Health => _health ?? host.Health;

    /// <summary>What time it is on the chain, as far as its blocks and the time since tell.</summary>
    public UnixSeconds Now => Health.Pipeline is { Head: { } head } health
        ? head.Time.Plus((ulong)health.SinceHead.TotalSeconds)
        : UnixSeconds.From(Health.Pipeline?.At ?? DateTimeOffset.UnixEpoch);

    /// <summary>What charts draw.</summary>
    public IReadOnlyList<Sample> Points => _samples.Points;

    /// <summary>Sales that have ended, the latest first.</summary>
    public IReadOnlyList<SaleLane> Ended => _ended;

    /// <summary>The last steps of all sales, the latest first.</summary>
    public IReadOnlyList<SaleStep> LatestSteps => _latest;

    /// <summary>What failed and is tried again, the latest first.</summary>
    public IReadOnlyList<SaleTrouble> Troubles => _troubles;

    /// <summary>The way of a sale that runs; of one from before the start only where it stands.</summary>
    public SaleLane LaneOf(SaleStep step) =>
        _running.TryGetValue(step.Sale.Number, out var lane) && lane.State == step.State ? lane : lane?.With(step) ?? SaleLane.Of(step);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var steps = host.Steps.Subscribe(step => _steps.Writer.TryWrite(step));
        using var troubles = host.Troubles.Subscribe(trouble => _troubles = Latest(_troubles, trouble, MostTroubles));
        using var proofs = CountProofs();
        await Task.WhenAll(NoteStepsAsync(stoppingToken), LookAsync(stoppingToken)).ConfigureAwait(false);
    }

    private async Task NoteStepsAsync(CancellationToken stopping)
    {
        await foreach (var step in _steps.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
        {
            _latest = Latest(_latest, step, MostSteps);
            var lane = _running.TryGetValue(step.Sale.Number, out var before) ? before.With(step) : SaleLane.Of(step);
            if (step.End is null)
            {
                _running[step.Sale.Number] = lane;
            }
            else
            {
                _running.TryRemove(step.Sale.Number, out _);
                _ended = Latest(_ended, lane, MostEnded);
            }
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(_lookEach, time);
        while (true)
        {
            _health = host.Health;
            if (_health.Pipeline is { } now)
            {
                var best = host.Queue.Page(0, 1).Items is [var first, ..] ? first.Terms.Ask.PricePerBytePerSecond : (UInt256?)null;
                _samples.Add(new Sample(
                    now.At,
                    Units.ToDouble(now.Books.Earned) / 1e18,
                    now.Queued,
                    best is { } price ? Units.PerTiBMonth(price) : null,
                    Interlocked.Read(ref _made),
                    Interlocked.Read(ref _missed)));
            }

            await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
    }

    // How many proofs were made and missed is told by the host's own instruments only.
    private MeterListener CountProofs()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, told) =>
            {
                if (instrument.Meter.Name == "CodexSales.Rx" && instrument.Meter.Scope == meters
                    && instrument.Name is "codexsales.proof.duration" or "codexsales.proof.missed")
                {
                    told.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Interlocked.Increment(ref _made));
        listener.SetMeasurementEventCallback<long>((_, missed, _, _) => Interlocked.Add(ref _missed, missed));
        listener.Start();
        return listener;
    }

    private static ImmutableList<T> Latest<T>(ImmutableList<T> list, T first, int most) =>
        (list.Count < most ? list : list.RemoveAt(list.Count - 1)).Insert(0, first);
}
