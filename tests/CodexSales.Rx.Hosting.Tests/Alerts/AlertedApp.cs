using System.Reactive.Linq;
using System.Reactive.Subjects;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Ports.Market;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Domain;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Hosting.Tests.Alerts;

/// <summary>An app on a simulated market in virtual time, whose parts fail as a test wants it, and what it tells of alerts.</summary>
internal sealed class AlertedApp : IDisposable
{
    private readonly HostedApp _app;
    private readonly IDisposable _noting;
    private readonly DirectoryInfo? _ownFolder;

    /// <param name="settings">What is set besides an offer and a store.</param>
    /// <param name="folder">Where the store is said to be, and what is remembered of alerts; null for one that is deleted afterwards.</param>
    public AlertedApp(IEnumerable<(string Key, string Value)>? settings = null, string? folder = null)
    {
        _ownFolder = folder is null ? Directory.CreateTempSubdirectory("alerts") : null;
        Folder = folder ?? _ownFolder!.FullName;
        _app = new HostedApp(
            builder =>
            {
                builder.UseSimulatedMarket();
                builder.Services.AddSingleton(this);
                builder.UseProver<FailingProver>().UseStorage<FailingStorage>();
                builder.Store = context => new SimulatedStore(context.Core) { Faults = () => StoreFault };
                builder.FreeBytes = _ => FreeBytes;
                builder.Wrap(market => market with
                {
                    LookAtNodes = () => Nodes,
                    Transactions = Transactions,
                    AskMoneyAsync = _ => Task.FromResult(Money),
                    FindProblem = () => Problem,
                });
            },
            [
                ("Sqlite:Path", Path.Combine(Folder, "sales.db")), ("SimulatedMarket:CompetingHosts", "0"),
                ("SimulatedMarket:LongestRequest", "03:00:00"), ("SimulatedMarket:RequestsPerHour", "6"), .. settings ?? [],
            ]);
        _app.Break = market => new FailingMarket(market, this);
        _noting = _app.Sales.Alerts.Connect().Subscribe(changes =>
        {
            foreach (var change in changes)
            {
                Told.Add((change.Cause, change.Item));
            }
        });
    }

    public HostedApp App => _app;

    public string Folder { get; }

    public SalesAlerts Alerts => _app.Sales.Alerts;

    public List<(AlertChange Change, Alert Alert)> Told { get; } = [];

    public bool AreBlocksHeld { get; set; }

    public bool DoQuestionsFail { get; set; }

    public WorkFault ProverFault { get; set; }

    public TimeSpan TimeToProve { get; set; } = TimeSpan.FromSeconds(5);

    public bool DoesStorageFail { get; set; }

    public StoreFault StoreFault { get; set; }

    public ulong? FreeBytes { get; set; } = 1UL << 40;

    public IReadOnlyList<RpcLinkState> Nodes { get; set; } = [];

    public Subject<TransactionNotice> Transactions { get; } = new();

    public AccountMoney? Money { get; set; }

    public string? Problem { get; set; }

    public void Start() => _app.Start();

    public void Pass(double hours) => _app.Time.Advance(TimeSpan.FromHours(hours));

    public void PassMinutes(double minutes) => _app.Time.Advance(TimeSpan.FromMinutes(minutes));

    public IReadOnlyList<Alert> Active(AlertKind kind) => [.. Alerts.Snapshot.Items.Where(alert => alert.Kind == kind)];

    /// <summary>The one alert of a kind that is active, as it is.</summary>
    public Alert One(AlertKind kind) => Assert.Single(Active(kind));

    /// <summary>That no alert of the kind is active, and some are over by themselves.</summary>
    public void IsOver(AlertKind kind)
    {
        Assert.Empty(Active(kind));
        var over = Alerts.Past.First(alert => alert.Kind == kind);
        Assert.NotNull(over.Until);
        Assert.False(over.IsDismissed);
    }

    public void Dispose()
    {
        _noting.Dispose();
        _app.Dispose();
        Transactions.Dispose();
        _ownFolder?.Delete(recursive: true);
    }

    private sealed class FailingMarket(IMarket market, AlertedApp app) : DelegatingMarket(market)
    {
        public override IObservable<BlockStamp> Heads => base.Heads.Where(_ => !app.AreBlocksHeld);

        public override IObservable<MarketEvent> Events => base.Events.Where(_ => !app.AreBlocksHeld);

        public override Task<SlotOffer> GetOfferAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) => app.DoQuestionsFail
            ? Task.FromException<SlotOffer>(new MarketUnavailableException("The node is silent."))
            : base.GetOfferAsync(slot, asOf, cancellation);

        public override Task<SlotView> GetSlotAsync(SlotKey slot, BlockStamp asOf, CancellationToken cancellation) => app.DoQuestionsFail
            ? Task.FromException<SlotView>(new MarketUnavailableException("The node is silent."))
            : base.GetSlotAsync(slot, asOf, cancellation);
    }

#pragma warning disable CA1812 // The container makes them.
    private sealed class FailingProver(AlertedApp app) : IProver
    {
        public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
            new SimulatedProver(app._app.Time, app.TimeToProve) { Faults = _ => app.ProverFault }.ProveAsync(slot, challenge, cancellation);
    }

    private sealed class FailingStorage(AlertedApp app) : ISlotStorage
    {
        private readonly SimulatedStorage _storage = new(app._app.Time, new SimulatedStorageOptions { BytesPerSecond = 50_000_000 });

        public IObservable<ulong> Store(SlotDownload download) =>
            app.DoesStorageFail ? Observable.Throw<ulong>(new IOException("The disk is gone.")) : _storage.Store(download);

        public Task KeepUntilAsync(SlotKey slot, UnixSeconds until, CancellationToken cancellation) =>
            _storage.KeepUntilAsync(slot, until, cancellation);

        public Task ClearAsync(SlotKey slot, CancellationToken cancellation) => _storage.ClearAsync(slot, cancellation);
    }
#pragma warning restore CA1812
}
