using System.Diagnostics.Metrics;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Hosting;

/// <summary>One pipeline with its parts, from when it is made until all of it is released.</summary>
internal sealed class SalesLife : IDisposable
{
    private readonly PartContext _context;
    private readonly HostedMarket _market;

    /// <summary>Makes all parts. Nothing runs yet.</summary>
    /// <exception cref="CannotSellException">A part can't be used.</exception>
    public SalesLife(CodexSalesBuilder chosen, IServiceProvider services, CodexSalesOptions options, IScheduler core)
    {
        MaxWorkers = options.Pipeline.MaxWorkers;
        _context = new PartContext(services, options, core);
        try
        {
            _context.Store = chosen.Store?.Invoke(_context);
            _market = chosen.Market!(_context);
            _context.Own(new DiskMetrics(
                services.GetService<IMeterFactory>(),
                options.Pipeline.InstanceName,
                chosen.UsesSqlite ? Path.GetDirectoryName(Path.GetFullPath(options.Sqlite.Path!)) : null,
                chosen.UsesSlotFiles ? Path.GetFullPath(options.SlotFiles.Directory!) : null));
            Pipeline = new SalesPipeline(
                _market.Market, chosen.Storage!(_context), chosen.Prover!(_context), options.Pipeline, core, _context.Store,
                meters: services.GetService<IMeterFactory>());
        }
        catch
        {
            _context.Release();
            throw;
        }
    }

    /// <summary>The most that workers of this pipeline can be.</summary>
    public int MaxWorkers { get; }

    /// <summary>The pipeline.</summary>
    public SalesPipeline Pipeline { get; }

    /// <summary>What outlives the process; null where nothing does.</summary>
    public ISalesStore? Store => _context.Store;

    /// <summary>Why nothing can be sold on the market now; null when nothing keeps it from that.</summary>
    public string? Problem => _market.FindProblem();

    /// <inheritdoc cref="HostedMarket.LookAtNodes"/>
    public IReadOnlyList<RpcLinkState> Nodes => _market.LookAtNodes();

    /// <inheritdoc cref="HostedMarket.Transactions"/>
    public IObservable<TransactionNotice> Transactions => _market.Transactions;

    /// <inheritdoc cref="HostedMarket.AskMoneyAsync"/>
    public Func<CancellationToken, Task<AccountMoney?>>? AskMoneyAsync => _market.AskMoneyAsync;

    /// <summary>What was wrong with the store whose place an empty one took; null when nothing was.</summary>
    public string? StoreDamage => (_context.Store as SqliteSalesStore)?.Damage?.Sentence;

    /// <summary>Waits for the market, and starts the pipeline.</summary>
    /// <exception cref="CannotSellException">No waiting will change what is wrong.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _market.PrepareAsync(cancellationToken).ConfigureAwait(false);
        await Pipeline.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Where the chain stands, by what was heard last.</summary>
    public ChainStatus ReadChain()
    {
        var health = Pipeline.Health;
        return _market.Describe(new ChainStatus
        {
            Account = _market.Market.Host,
            Block = health.Head,
            SinceBlock = health.SinceHead,
            IsBlockOverdue = health.IsBlockOverdue,
            Problem = Problem,
        });
    }

    /// <summary>What the account has, as of the newest block; null where there is none.</summary>
    public async Task<HostBalances?> ReadBalancesAsync(CancellationToken cancellationToken)
    {
        var head = Pipeline.Head;
        if (head == default)
        {
            return null;
        }

        var rules = await _market.Market.GetRulesAsync(cancellationToken).ConfigureAwait(false);
        return await _market.ReadBalancesAsync(head, cancellationToken).ConfigureAwait(false) is not { } balances ? null : balances with
        {
            ProofsPerDay = ProofDemands.PerDay(Pipeline.Sales.Snapshot.Items, rules.ProofPeriodSeconds),
        };
    }

    /// <summary>What was sent, the latest first.</summary>
    public Task<IReadOnlyList<HostTransaction>> ReadTransactionsAsync(
        ulong before, int count, bool isInFlight, CancellationToken cancellationToken) =>
        _market.ReadTransactionsAsync(before, count, isInFlight, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        Pipeline.Dispose();
        _context.Release();
    }
}
