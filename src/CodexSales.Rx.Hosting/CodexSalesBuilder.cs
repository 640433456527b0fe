using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Time;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CodexSales.Rx.Hosting;

/// <summary>Chooses where a host sells, and with what. Each choice replaces the one of the same kind before it.</summary>
/// <remarks>Threading: used while the app is put together, by one thread.</remarks>
public sealed class CodexSalesBuilder
{
    internal CodexSalesBuilder(IServiceCollection services, IConfiguration section) => (Services, Section) = (services, section);

    /// <summary>The services of the app.</summary>
    public IServiceCollection Services { get; }

    internal IConfiguration Section { get; }

    internal Func<PartContext, HostedMarket>? Market
    {
        get => IsDryRun && field is { } chosen ? context => DryMarket.Of(chosen(context)) : field;
        private set;
    }

    // A part that nobody chose comes with the hooks, or with the market that is simulated: with the one that was chosen in
    // the end.
    internal Func<PartContext, ISlotStorage>? Storage
    {
        get => IsDryRun ? _ => new DryPorts() : field ?? (UsesHooks ? LocalPart.OpenHookStorage : IsSimulated ? SimulatedPart.OpenStorage : null);
        private set;
    }

    internal Func<PartContext, IProver>? Prover
    {
        get => IsDryRun ? _ => new DryPorts() : field ?? (IsSimulated ? SimulatedPart.OpenProver : null);
        private set;
    }

    internal Func<PartContext, ISalesStore>? Store
    {
        get => IsDryRun ? null : field;
        set;
    }

    internal bool IsDryRun { get; set; }

    internal bool IsSimulated { get; private set; }

    internal bool IsOnEthereum { get; private set; }

    internal bool UsesSqlite => Store is not null;

    internal bool UsesSlotFiles
    {
        get => field && !IsDryRun;
        private set;
    }

    internal bool UsesHooks
    {
        get => field && !IsDryRun;
        private set;
    }

    /// <summary>What is done before anything is sold.</summary>
    internal Func<ISalesHost, CancellationToken, Task> Preparation { get; private set; } = (_, _) => Task.CompletedTask;

    internal IScheduler? Scheduler { get; private set; }

    internal (TimeSpan Every, Action Ping)? Watchdog { get; private set; }

    // What is free on the disk of a folder, in bytes; null when it doesn't say.
    internal Func<string, ulong?> FreeBytes { get; set; } = FreeBytesOf;

    /// <summary>
    /// Sells on the Marketplace contract of an Ethereum chain, as <see cref="CodexSalesOptions.Ethereum"/> says. An
    /// <see cref="ISigner"/> among the services signs in place of the key, the signer or the account that is named there.
    /// </summary>
    public CodexSalesBuilder UseEthereum()
    {
        Market = EthereumPart.Open;
        (IsOnEthereum, IsSimulated) = (true, false);
        return this;
    }

    /// <summary>Sells on a market of one's own.</summary>
    public CodexSalesBuilder UseMarket<T>()
        where T : class, IMarket
    {
        Services.TryAddSingleton<T>();
        Market = context => new HostedMarket(context.Services.GetRequiredService<T>());
        (IsOnEthereum, IsSimulated) = (false, false);
        return this;
    }

    /// <summary>
    /// Sells on a market that is simulated in this process, with clients and competing hosts, and stores and proves nothing: to
    /// try an app without a chain, or to test it. See <see cref="CodexSalesOptions.SimulatedMarket"/>.
    /// </summary>
    public CodexSalesBuilder UseSimulatedMarket()
    {
        Market = SimulatedPart.OpenMarket;
        (IsOnEthereum, IsSimulated) = (false, true);
        return this;
    }

    /// <summary>
    /// Remembers what is for sale, sales and transactions in a SQLite file, as <see cref="CodexSalesOptions.Sqlite"/> says.
    /// Without a store all of that ends with the process.
    /// </summary>
    public CodexSalesBuilder UseSqlite()
    {
        Store = SqlitePart.Open;
        return this;
    }

    /// <summary>Keeps slots as files of a folder, fetched over HTTP, as <see cref="CodexSalesOptions.SlotFiles"/> says.</summary>
    public CodexSalesBuilder UseSlotFiles()
    {
        Storage = LocalPart.OpenFiles;
        UsesSlotFiles = true;
        return this;
    }

    /// <summary>
    /// Proves with a program of the operator's, as <see cref="CodexSalesOptions.Hooks"/> says; it stores, too, unless something else
    /// was chosen for that.
    /// </summary>
    public CodexSalesBuilder UseHooks()
    {
        Prover = LocalPart.OpenHookProver;
        UsesHooks = true;
        return this;
    }

    /// <summary>Proves with a prover of one's own.</summary>
    public CodexSalesBuilder UseProver<T>()
        where T : class, IProver
    {
        Services.TryAddSingleton<T>();
        Prover = context => context.Services.GetRequiredService<T>();
        return this;
    }

    /// <summary>Stores with a storage of one's own.</summary>
    public CodexSalesBuilder UseStorage<T>()
        where T : class, ISlotStorage
    {
        Services.TryAddSingleton<T>();
        Storage = context => context.Services.GetRequiredService<T>();
        UsesSlotFiles = false;
        return this;
    }

    /// <summary>
    /// Decides, and says so, but sends, stores, proves and remembers nothing, whatever else is chosen: a sale ends where it would reserve
    /// its slot. Slots that the account hosts already are left alone.
    /// </summary>
    public CodexSalesBuilder UseDryRun()
    {
        IsDryRun = true;
        return this;
    }

    /// <summary>
    /// Does something once the market was found and the store was opened, before anything is sold: to change what is for sale, say.
    /// Once in the life of the app; an error of it is one of the start, and a <see cref="CannotSellException"/> is final.
    /// </summary>
    /// <param name="prepare">Sees the host as it will begin.</param>
    public CodexSalesBuilder BeforeSelling(Func<ISalesHost, CancellationToken, Task> prepare)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        Preparation = prepare;
        return this;
    }

    /// <summary>
    /// Decides on a scheduler of one's own, such as one of virtual time in tests; its time is all time. Without one, a
    /// <see cref="TimeProvider"/> among the services of the app is (see <see cref="TimeProviderExtensions.ToScheduler"/>), or else a
    /// thread of the host's own is.
    /// </summary>
    /// <param name="scheduler">Runs one action at a time, and never inside of the call that schedules it.</param>
    /// <remarks>
    /// A clock that is for one thread only, such as the test kit's, allows to start the app and to dispose of it; the app's
    /// <c>StopAsync</c> goes on on other threads.
    /// </remarks>
    public CodexSalesBuilder UseScheduler(IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Scheduler = scheduler;
        return this;
    }

    private static ulong? FreeBytesOf(string folder)
    {
        try
        {
            return (ulong)new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Calls a supervisor again and again, as long as the thread on which everything is decided is alive: one that hears nothing any
    /// more may end the process and start another one.
    /// </summary>
    /// <param name="every">How often; more than 0.</param>
    /// <param name="ping">Called on that thread: must not wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span is not more than 0.</exception>
    public CodexSalesBuilder UseWatchdog(TimeSpan every, Action ping)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(every, TimeSpan.Zero);
        ArgumentNullException.ThrowIfNull(ping);
        Watchdog = (every, ping);
        return this;
    }

    /// <summary>Changes the market that was chosen: for tests of what goes wrong there.</summary>
    internal void Wrap(Func<HostedMarket, HostedMarket> wrapped)
    {
        var chosen = Market!;
        Market = context => wrapped(chosen(context));
    }

    /// <summary>Puts something in front of the market that was chosen: for tests of what goes wrong there.</summary>
    internal void Wrap(Func<IMarket, IMarket> wrapped) => Wrap(market => market with { Market = wrapped(market.Market) });
}
