using System.Diagnostics.Metrics;
using System.Reactive;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CodexSales.Rx.Hosting;

/// <summary>One pipeline with its parts, from when it is made until all of it is released.</summary>
internal sealed class SalesLife : IDisposable
{
    private readonly CodexSalesBuilder _chosen;
    private readonly PartContext _context;
    private readonly HostedMarket _market;
    private readonly GasBook _gas = new();

    /// <summary>Makes all parts. Nothing runs yet.</summary>
    /// <exception cref="CannotSellException">A part can't be used.</exception>
    public SalesLife(CodexSalesBuilder chosen, IServiceProvider services, CodexSalesOptions options, IScheduler core)
    {
        MaxWorkers = options.Pipeline.MaxWorkers;
        _chosen = chosen;
        _context = new PartContext(services, options, core, chosen.IsDryRun);
        try
        {
            _market = chosen.Market!(_context);
            _context.Own(_market.Transactions.Subscribe(_gas.Note));
            if (chosen.UsesHooks && HookFile.FindFault(options.Hooks.Program!) is { } fault)
            {
                throw new CannotSellException(fault);
            }

            _context.Store = chosen.Store?.Invoke(_context);
            if (_context.Store is SqliteSalesStore store)
            {
                _gas.Recall(store.LoadGas());
            }

            if (chosen.UsesHooks)
            {
                LocalPart.MakeReady(_context);
            }

            DiskMetrics.AddTo(
                _context.Own(HostMeter.Of(services.GetService<IMeterFactory>(), options.Pipeline.InstanceName)),
                chosen.UsesSqlite ? Path.GetDirectoryName(Path.GetFullPath(options.Sqlite.Path!)) : null,
                chosen.UsesSlotFiles ? Path.GetFullPath(options.SlotFiles.Directory!) : null);

            // Hosts that compete should not try the slots of a request in the same order.
            var pipeline = chosen.IsOnEthereum && options.Pipeline.Seed == 0
                ? options.Pipeline with { Seed = _market.Market.Host.GetHashCode() }
                : options.Pipeline;
            Pipeline = new SalesPipeline(
                _market.Market, chosen.Storage!(_context), chosen.Prover!(_context), pipeline, core, _context.Store,
                meters: services.GetService<IMeterFactory>());
            Ends = Pipeline.Steps
                .Where(step => step.End is not null)
                .Select(step => new EndedSale(step, _gas.Close(step.Sale.Slot)));
        }
        catch
        {
            _context.Release();
            throw;
        }
    }

    /// <summary>The options that its parts were made with.</summary>
    public CodexSalesOptions Options => _context.Options;

    /// <summary>The most that workers of this pipeline can be.</summary>
    public int MaxWorkers { get; }

    /// <summary>The pipeline.</summary>
    public SalesPipeline Pipeline { get; }

    /// <summary>Whether the pipeline has begun to sell.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>What outlives the process; null where nothing does.</summary>
    public ISalesStore? Store => _context.Store;

    /// <summary>Each sale that ends, for one observer: what it has cost is told once.</summary>
    public IObservable<EndedSale> Ends { get; }

    /// <summary>Why nothing can be sold on the market now; null when nothing keeps it from that.</summary>
    public string? Problem => _market.FindProblem();

    /// <summary>What becomes of transactions.</summary>
    public IObservable<TransactionNotice> Transactions => _market.Transactions;

    /// <summary>How it is doing.</summary>
    public SalesHostHealth Health
    {
        get
        {
            var health = Pipeline.Health;
            return new SalesHostHealth(_market.Sentence(health), _market.FindProblem(), health);
        }
    }

    /// <summary>How it is doing, when the log should say so.</summary>
    public IObservable<SalesHostHealth> Reports => _market.Turns
        .Merge(PastIsTold)
        .Merge(_context.Options.ReportEvery is { } period ? Observable.Interval(period, _context.Core).Select(_ => Unit.Default) : Observable.Never<Unit>())
        .Select(_ => Health);

    // From then on slots are chosen.
    private IObservable<Unit> PastIsTold => Pipeline.Workers.Status
        .Select(workers => workers.Idle is IdleReason.PastIsBeingTold)
        .DistinctUntilChanged()
        .Skip(1)
        .Select(_ => Unit.Default);

    /// <inheritdoc cref="HostedMarket.LookAtNodes"/>
    public IReadOnlyList<RpcLinkState> Nodes => _market.LookAtNodes();

    /// <inheritdoc cref="HostedMarket.AskMoneyAsync"/>
    public Func<CancellationToken, Task<AccountMoney?>>? AskMoneyAsync => _market.AskMoneyAsync;

    /// <summary>What was wrong with the store whose place an empty one took; null when nothing was.</summary>
    public string? StoreDamage => (_context.Store as SqliteSalesStore)?.Damage?.Sentence;

    /// <summary>Waits for the market.</summary>
    /// <param name="isFirst">Whether the app has just started, and a hook that does not work ends it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CannotSellException">No waiting will change what is wrong.</exception>
    public async Task PrepareAsync(bool isFirst, CancellationToken cancellationToken)
    {
        if (isFirst && _chosen.UsesHooks)
        {
            await LocalPart.CheckHookAsync(_context, cancellationToken).ConfigureAwait(false);
        }

        await _market.PrepareAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Begins to sell.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (Store is SqliteSalesStore && _context.Options is { KeepFreeBytes: > 0 and var floor, Sqlite.Path: { } path })
        {
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            _context.Own(Watch(new DiskWatch(() => new DriveInfo(folder).AvailableFreeSpace, floor, _context.Core)));
        }

        await Pipeline.StartAsync(cancellationToken).ConfigureAwait(false);
        IsStarted = true;
    }

    /// <summary>Comes to rest.</summary>
    /// <returns>The sentence on what was cut off; null when nothing was.</returns>
    public async Task<string?> StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var wasOver = Pipeline.Completion.IsCompleted;
        if (IsStarted && !wasOver)
        {
            SalesLog.Stopping(_context.Logger, patience.TotalSeconds);
        }

        var isAtRest = await Pipeline.StopAsync(patience, cancellationToken).ConfigureAwait(false);
        if (!wasOver && Pipeline.Completion.Exception?.InnerException is { } failure)
        {
            return Failure(failure.Message);
        }

        if (isAtRest || !IsStarted)
        {
            return null;
        }

        foreach (var left in await _market.SettleAsync().ConfigureAwait(false))
        {
            SalesLog.Unsettled(_context.Logger, left);
        }

        return Failure($"what was on its way was not done within {patience.TotalSeconds} s.");
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

    private static string Failure(string because) =>
        $"Stopping failed: {because} The next run finds out what became of what was on its way.";

    private CompositeDisposable Watch(DiskWatch disk) =>
    [
        disk.ShortagesOf(Pipeline.Availabilities).Subscribe(shortage => SalesLog.Disk(_context.Logger, LogLevel.Warning, shortage)),
        disk.Reasons.Subscribe(because =>
        {
            Pipeline.Workers.Hold(because);
            SalesLog.Disk(
                _context.Logger,
                because is null ? LogLevel.Information : LogLevel.Warning,
                because ?? "There is enough room on the disk again: new slots are taken.");
        }),
    ];
}
