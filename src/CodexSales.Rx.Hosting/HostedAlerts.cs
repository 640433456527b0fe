using System.Diagnostics.Metrics;
using System.Text;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Alerts.Delivery;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Local.Hooks;
using CodexSales.Rx.Selling;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting;

/// <summary>The alerts of a host: what is watched, and who is told.</summary>
internal sealed class HostedAlerts : IDisposable
{
    private static readonly TimeSpan _connectWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _forgetAddressAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _programWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    private readonly CodexSalesOptions _options;
    private readonly AlertLimits _limits;
    private readonly IScheduler _core;
    private readonly Func<string, ulong?> _freeBytes;
    private readonly string[] _folders;
    private readonly CancellationTokenSource _stopping = new();
    private readonly AlertBook _book;
    private readonly AlertWatch _watch;
    private readonly MoneyPoll _money;
    private readonly Meter _meter;
    private readonly ILogger _logger;
    private readonly IScheduler _clock;
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, ConnectTimeout = _connectWithin, PooledConnectionLifetime = _forgetAddressAfter,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan, // Each message has a limit of its own.
    };

    private AlertDelivery? _delivery;

    /// <param name="chosen">What was chosen.</param>
    /// <param name="options">What was set.</param>
    /// <param name="core">Where everything is decided.</param>
    /// <param name="clock">The same without its quickened time: who is told lives in real time.</param>
    /// <param name="meters">Whose meter its is, as collectors that ask for one factory's meters see it.</param>
    /// <param name="logger">Where what happens is told.</param>
    public HostedAlerts(
        CodexSalesBuilder chosen, CodexSalesOptions options, IScheduler core, IScheduler clock, IMeterFactory? meters, ILogger logger)
    {
        (_options, _core, _clock, _logger, _freeBytes) = (options, core, clock, logger, chosen.FreeBytes);
        _folders = [.. FoldersOf(chosen, options).Distinct()];
        _book = new AlertBook(options.Alerts.HappeningsLast, core, error => SalesLog.Trouble(logger, error));
        _limits = new AlertLimits(options.Alerts);
        _watch = new AlertWatch(_limits, _book, core);
        _money = new MoneyPoll(core, _stopping.Token);
        Alerts = new SalesAlerts(_book, core, _stopping.Token);
        _meter = HostMeter.Of(meters, options.Pipeline.InstanceName);
        AlertMetrics.AddTo(_meter, Alerts);
    }

    public SalesAlerts Alerts { get; }

    /// <summary>Begins to watch.</summary>
    /// <exception cref="CannotSellException">A secret can't be read.</exception>
    public void Start(IObservable<SaleStep> steps, IObservable<SalesLife?> lives, Func<SalesHostHealth> health, Func<SalesLife?> current)
    {
        var settings = _options.Alerts;
        _delivery = new AlertDelivery(
            _book,
            Open(settings),
            settings.QueueCapacity,
            settings.File ?? (StorePath is { } store ? store + ".alerts" : null),
            _clock,
            _logger);
        _watch.Start(
            steps,
            lives.Where(life => life is not null).Select(life => life!.Transactions),
            () => current() is { } life ? View(life, health()) : null);
    }

    /// <summary>Opens the receivers of settings that were changed. Nothing changes yet.</summary>
    /// <returns>Has the settings hold from now on: for the core.</returns>
    /// <exception cref="CannotSellException">A secret can't be read.</exception>
    public Action Prepare(AlertSettings settings)
    {
        var receivers = Open(settings);
        return () =>
        {
            _limits.Now = settings;
            _book.HappeningsLast = settings.HappeningsLast;
            _delivery?.Take(receivers, settings.QueueCapacity);
        };
    }

    /// <summary>Sends what can be sent now: the app ends.</summary>
    public Task FlushAsync() => _delivery?.FlushAsync(_patience) ?? Task.CompletedTask;

    /// <summary>The app sells: what kept it from that before is over.</summary>
    public void NoteStart()
    {
        _book.End(AlertKind.NotSelling, "");
        _book.End(AlertKind.StoreIsNewer, "");
    }

    /// <summary>What keeps it from selling, and will not pass by itself.</summary>
    public void NoteEnd(Exception error) => _book.Note(new Sign(
        error.InnerException is Sqlite.Sql.StoreIsNewerException ? AlertKind.StoreIsNewer : AlertKind.NotSelling,
        AlertSeverity.Critical,
        "",
        error.Message));

    public void Dispose()
    {
        _stopping.Cancel();
        _watch.Dispose();
        _delivery?.Dispose();
        _client.Dispose();
        _meter.Dispose();
        _book.Dispose();
        _stopping.Dispose();
    }

    private HostView View(SalesLife life, SalesHostHealth health) => new(_core.Now, health.Problem, life.Pipeline.Health)
    {
        Nodes = life.Nodes,
        Money = _money.Look(life, life.AskMoneyAsync),
        Disks = [.. _folders.Select(folder => (Folder: folder, Bytes: _freeBytes(folder)))
            .Where(disk => disk.Bytes is not null).Select(disk => new FreeSpace(disk.Folder, disk.Bytes!.Value))],
        StoreDamage = life.StoreDamage,
    };

    private string? StorePath => _options.Sqlite.Path is { Length: > 0 } store ? Path.GetFullPath(store) : null;

    private IReadOnlyList<IAlertReceiver> Open(AlertSettings settings) =>
    [
        .. settings.Webhooks.Select(OpenWebhook),
        .. settings.Program is { } program ? [OpenProgram(program, settings.Arguments)] : Array.Empty<IAlertReceiver>(),
    ];

    private Webhook OpenWebhook(WebhookSettings webhook, int place)
    {
        try
        {
            var secret = webhook.SecretFile is { } file ? Encoding.UTF8.GetBytes(PrivateFile.ReadText(file)) : null;
            if (secret is { Length: 0 })
            {
                throw new KeyFileException($"{webhook.SecretFile} is empty, but a secret is expected in it."); // Anybody could sign with that.
            }

            return new Webhook(webhook.NameOrHost!, new Uri(webhook.Address!), secret, _client, _clock);
        }
        catch (KeyFileException unusable)
        {
            throw new CannotSellException(
                string.Create(CultureInfo.InvariantCulture, $"Alerts:Webhooks:{place}:SecretFile: {unusable.Message}"), unusable);
        }
    }

    private AlertCommand OpenProgram(string program, IEnumerable<string> arguments) => new(
        new HookCommand { Program = program, Arguments = [.. arguments], TimeLimit = _programWithin }, _clock);

    private static IEnumerable<string> FoldersOf(CodexSalesBuilder chosen, CodexSalesOptions options)
    {
        if (chosen.UsesSqlite)
        {
            yield return Path.GetDirectoryName(Path.GetFullPath(options.Sqlite.Path!))!;
        }

        if (chosen.UsesSlotFiles)
        {
            yield return Path.GetFullPath(options.SlotFiles.Directory!);
        }
    }
}
