using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Ports.Store;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CodexSales.Rx.Hosting;

/// <summary>Chooses where a host sells, and with what. Each choice replaces the one of the same kind before it.</summary>
/// <remarks>Threading: used while the app is put together, by one thread.</remarks>
public sealed class CodexSalesBuilder
{
    internal CodexSalesBuilder(IServiceCollection services) => Services = services;

    /// <summary>The services of the app.</summary>
    public IServiceCollection Services { get; }

    internal Func<PartContext, HostedMarket>? Market { get; private set; }

    internal Func<PartContext, ISlotStorage>? Storage { get; private set; }

    internal Func<PartContext, IProver>? Prover { get; private set; }

    internal Func<PartContext, ISalesStore>? Store { get; private set; }

    internal IScheduler? Scheduler { get; private set; }

    // Which sections of the options are used, so that what they lack is told, and what they lack elsewhere is not.
    internal HashSet<string> Used { get; } = [];

    /// <summary>
    /// Sells on the Marketplace contract of an Ethereum chain, as <see cref="CodexSalesOptions.Ethereum"/> says. An
    /// <see cref="ISigner"/> among the services signs in place of the key, the signer or the account that is named there.
    /// </summary>
    public CodexSalesBuilder UseEthereum()
    {
        Market = EthereumPart.Open;
        return Use(nameof(CodexSalesOptions.Ethereum));
    }

    /// <summary>Sells on a market of one's own.</summary>
    public CodexSalesBuilder UseMarket<T>()
        where T : class, IMarket
    {
        Services.TryAddSingleton<T>();
        Market = context => new HostedMarket(context.Services.GetRequiredService<T>());
        return this;
    }

    /// <summary>
    /// Sells on a market that is simulated in this process, with clients and competing hosts, and stores and proves nothing: to
    /// try an app without a chain, or to test it. See <see cref="CodexSalesOptions.SimulatedMarket"/>.
    /// </summary>
    public CodexSalesBuilder UseSimulatedMarket()
    {
        Market = SimulatedPart.OpenMarket;
        Storage ??= SimulatedPart.OpenStorage;
        Prover ??= SimulatedPart.OpenProver;
        return Use(nameof(CodexSalesOptions.SimulatedMarket));
    }

    /// <summary>
    /// Remembers what is for sale, sales and transactions in a SQLite file, as <see cref="CodexSalesOptions.Sqlite"/> says.
    /// Without a store all of that ends with the process.
    /// </summary>
    public CodexSalesBuilder UseSqlite()
    {
        Store = SqlitePart.Open;
        return Use(nameof(CodexSalesOptions.Sqlite));
    }

    /// <summary>Keeps slots as files of a folder, fetched over HTTP, as <see cref="CodexSalesOptions.SlotFiles"/> says.</summary>
    public CodexSalesBuilder UseSlotFiles()
    {
        Storage = LocalPart.OpenFiles;
        return Use(nameof(CodexSalesOptions.SlotFiles));
    }

    /// <summary>
    /// Proves with a program of the operator's, as <see cref="CodexSalesOptions.Hooks"/> says; it stores, too, unless something else
    /// was chosen for that.
    /// </summary>
    public CodexSalesBuilder UseHooks()
    {
        Prover = LocalPart.OpenHookProver;
        Storage ??= LocalPart.OpenHookStorage;
        return Use(nameof(CodexSalesOptions.Hooks));
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
        return this;
    }

    /// <summary>Decides on a scheduler of one's own, such as one of virtual time in tests; its time is all time.</summary>
    /// <param name="scheduler">Runs one action at a time, and never inside of the call that schedules it.</param>
    public CodexSalesBuilder UseScheduler(IScheduler scheduler)
    {
        ArgumentNullException.ThrowIfNull(scheduler);
        Scheduler = scheduler;
        return this;
    }

    /// <summary>Puts something in front of the market that was chosen: for tests of what goes wrong there.</summary>
    internal void Wrap(Func<IMarket, IMarket> wrapped)
    {
        var chosen = Market!;
        Market = context =>
        {
            var market = chosen(context);
            return market with { Market = wrapped(market.Market) };
        };
    }

    private CodexSalesBuilder Use(string section)
    {
        Used.Add(section);
        return this;
    }
}
