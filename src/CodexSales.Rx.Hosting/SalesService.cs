using System.Diagnostics.Metrics;
using System.Reactive.Subjects;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Time;
using CodexSales.Rx.Working;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CodexSales.Rx.Hosting;

/// <summary>
/// Sells as long as the app runs: starts the pipeline with the app, begins another one after an error that may pass, with growing
/// pauses, and comes to rest with the app. An error that does not pass is the app's, as that of any background service.
/// </summary>
internal sealed partial class SalesService : BackgroundService, IHostedLifecycleService, ISalesHost
{
    private readonly CodexSalesBuilder _chosen;
    private readonly IServiceProvider _services;
    private readonly IOptionsFactory<CodexSalesOptions> _factory;
    private readonly IConfiguration _section;
    private readonly IReadOnlyList<KeyValuePair<string, string?>> _others;
    private readonly ILogger _logger;
    private readonly SalesTraces _traces;
    private readonly HostedAlerts _alerts;
#pragma warning disable CA2213 // Completed, not disposed of: they are asked for afterwards, too.
    private readonly BehaviorSubject<SalesLife?> _lives = new(null);
    private readonly Subject<EndedSale> _ends = new();
#pragma warning restore CA2213
    private EventLoopScheduler? _ownCore;
    private readonly IScheduler _core;

    // Where everything is decided, too, by a clock that is not quickened.
    private readonly IScheduler _realTime;
    private readonly SerialDisposable _telling = new();
    private readonly SerialDisposable _changes = new();
    private readonly SerialDisposable _again = new();
    private readonly SerialDisposable _watchdog = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CodexSalesOptions _options;
    private volatile string? _failure;
    private SalesLife? _over;
    private Task? _stop;
    private Task _start = Task.CompletedTask;
    private bool _isPrepared;
    private bool _isDisposed;
    private DateTimeOffset _begun;
    private TimeSpan _delay;

    public SalesService(
        CodexSalesBuilder chosen,
        IServiceProvider services,
        IOptions<CodexSalesOptions> options,
        IOptionsFactory<CodexSalesOptions> factory,
        IConfiguration section,
        SalesTraces traces,
        ILoggerFactory loggers)
    {
        _traces = traces;
        (_chosen, _services, _factory, _section, _options) = (chosen, services, factory, section, options.Value);
        _logger = loggers.CreateLogger(SalesLog.Category);
        _others = SettingsReader.ReadOthers(section);
        _realTime = chosen.Scheduler ?? TimeOf(services);
        if (chosen.Scheduler is null && chosen.IsSimulated)
        {
            var quickened = new QuickenedScheduler(_realTime, _options.SimulatedMarket.Speed);
            (_core, Speed) = (quickened, new SimulatedSpeed(quickened));
        }
        else
        {
            _core = _realTime;
        }

        _alerts = new HostedAlerts(chosen, _options, _core, _realTime, services.GetService<IMeterFactory>(), _logger);
    }

    /// <inheritdoc/>
    public IObservable<SaleStep> Steps => OfEachLife(life => life.Pipeline.Steps);

    /// <inheritdoc/>
    public IObservable<Refusal> Refusals => OfEachLife(life => life.Pipeline.Refusals);

    /// <inheritdoc/>
    public IObservable<SaleTrouble> Troubles => OfEachLife(life => life.Pipeline.Troubles);

    /// <inheritdoc/>
    public IObservable<EndedSale> Ends => _ends.AsObservable();

    /// <inheritdoc/>
    public IObservable<RecoveredSale> Recovered => OfEachLife(life => life.Pipeline.Recovered);

    /// <inheritdoc/>
    public IObservable<TransactionNotice> Transactions => OfEachLife(life => life.Transactions);

    /// <inheritdoc/>
    public Task Completion => _completion.Task;

    /// <inheritdoc/>
    public SlotQueue Queue => Pipeline.Queue;

    /// <inheritdoc/>
    public RunningSales Sales => Pipeline.Sales;

    /// <inheritdoc/>
    public AvailabilityLedger Availabilities => Pipeline.Availabilities;

    /// <inheritdoc/>
    public Workers Workers => Pipeline.Workers;

    /// <inheritdoc/>
    public SalesHostHealth Health => _lives.Value switch
    {
        null => new SalesHostHealth("The app has not started yet.", "The app has not started yet.", null),
        { } life when _failure is { } problem => new SalesHostHealth($"Not selling: {problem}", problem, life.Pipeline.Health),
        { } life => life.Health,
    };

    /// <inheritdoc/>
    public SimulatedSpeed? Speed { get; }

    /// <inheritdoc/>
    public SalesAlerts Alerts => _alerts.Alerts;

    private SalesLife Life => _lives.Value ?? throw new InvalidOperationException("The app has not started yet.");

    private SalesPipeline Pipeline => Life.Pipeline;

    /// <inheritdoc/>
    public Task<OfferPreview> PreviewAsync(Availability draft, CancellationToken cancellationToken = default) =>
        Pipeline.PreviewAsync(draft, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="CannotSellException">A part can't be used: a key, or a file that another process has.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _telling.Disposable = new CompositeDisposable(
            SalesTelling.Begin(this, OfEachLife(life => life.Reports), _traces, _logger),
            OfEachLife(life => life.Ends).Subscribe(_ends.OnNext),
            Refusals.Subscribe(NoteRefusal));
        _watchdog.Disposable = _chosen.Watchdog is var (every, ping) ? Observable.Interval(every, _realTime).Subscribe(_ => ping()) : null;
        _alerts.Start(Steps, _lives, () => Health, () => _stopping.IsCancellationRequested ? null : _lives.Value);
        var unchanged = _section.GetReloadToken();
        try
        {
            Begin();
        }
        catch (CannotSellException unusable)
        {
            return RefuseAsync(unusable);
        }

        // Not before there is a pipeline to take them; those of meanwhile are taken now.
        _changes.Disposable = ChangeToken.OnChange(_section.GetReloadToken, TakeChanges);
        if (unchanged.HasChanged)
        {
            TakeChanges();
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>Sells once all else has started: where a web server finds its port taken, nothing was sent.</remarks>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _start = StartAsync(Life, [.. _options.Availabilities.Select(offer => offer.ToAvailability())]);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Begins to stop before any other service does: a web server waits for the readers of a live list, which end with the pipeline.
    /// </remarks>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _stop ??= StopSellingAsync(cancellationToken);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await (_stop ??= StopSellingAsync(cancellationToken)).ConfigureAwait(false);
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (_isDisposed)
        {
            return; // The container knows it by three names.
        }

        _isDisposed = true;
        _changes.Dispose();
        _telling.Dispose();
        _again.Dispose();
        _noting.Dispose();
        _watchdog.Dispose();
        _lives.Value?.Dispose();
        _lives.OnCompleted();
        _ends.OnCompleted();
        _alerts.Dispose();
        _stopping.Dispose();
        _ownCore?.Dispose();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _ended.Task;

    /// <summary>Waits until all alerts are sent that can be sent now.</summary>
    internal Task FlushAlertsAsync() => _alerts.FlushAsync();

    // Somebody has to hear of a node that does not start.
    private async Task RefuseAsync(CannotSellException unusable)
    {
        await OnCoreAsync(() => _alerts.NoteEnd(unusable)).ConfigureAwait(false);
        await _alerts.FlushAsync().ConfigureAwait(false);
        throw unusable;
    }

    private async Task StopSellingAsync(CancellationToken cancellationToken)
    {
        _changes.Dispose();
        await _stopping.CancelAsync().ConfigureAwait(false);

        // As the core sees it: a restart that it has begun by now is done, and none begins afterwards.
        if (await OnCoreAsync(() => _lives.Value).ConfigureAwait(false) is { } life)
        {
            _failure ??= "the app is stopping.";
            if (await life.StopAsync(_options.StopWithin, cancellationToken).ConfigureAwait(false) is { } failure)
            {
                SalesLog.CutOff(_logger, failure);
                Fail(new TimeoutException(failure));
            }

            await _start.ConfigureAwait(false);
            if (life.IsStarted)
            {
                SalesLog.Stopped(_logger, life.Pipeline.Sales.Count);
            }

            // A market that goes away beside the core would be gone in the middle of what the core tells of it.
            await OnCoreAsync(() =>
            {
                life.Dispose();
                _traces.EndAll();
            }).ConfigureAwait(false);
        }

        await _alerts.FlushAsync().ConfigureAwait(false);

        _ended.TrySetResult();
        _lives.OnCompleted();
        _ends.OnCompleted();
        _completion.TrySetResult();
    }

    // The time of the app, unless that is the machine's: then work has a thread of its own, which a busy pool does not keep waiting.
    private IScheduler TimeOf(IServiceProvider services)
    {
#pragma warning disable RS0030 // Here it is chosen.
        var system = TimeProvider.System;
#pragma warning restore RS0030
        return services.GetService<TimeProvider>() is { } time && time != system
            ? time.ToScheduler()
            : system.ToScheduler(_ownCore = new EventLoopScheduler(run => new Thread(run) { Name = "CodexSales", IsBackground = true }));
    }

    private Task<bool> OnCoreAsync(Action action) => OnCoreAsync(() =>
    {
        action();
        return true;
    });

    private Task<T> OnCoreAsync<T>(Func<T> action)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _core.Schedule(() => done.SetResult(action()));
        return done.Task;
    }

    // Those who do not ask for it are told by the log.
    private void Fail(Exception error)
    {
        _completion.TrySetException(error);
        _ = _completion.Task.Exception;
    }

    // The error of one pipeline is not the end: another one follows.
    private IObservable<T> OfEachLife<T>(Func<SalesLife, IObservable<T>> published) => _lives
        .Where(life => life is not null)
        .Select(life => published(life!).Catch((Exception _) => Observable.Empty<T>()))
        .Switch();
}
