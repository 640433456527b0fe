using CodexSales.Rx;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ports.Proving;
using CodexSales.Rx.Ports.Storage;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Node.Run;

/// <summary>The real parts, put together: chain, store, storage and prover around the pipeline.</summary>
internal sealed class SellingHost : IAsyncDisposable
{
    private readonly RunOptions _options;
    private readonly RunLines _lines;
    private readonly IScheduler _core;
    private readonly EthereumMarket _market;
    private readonly MarketIntake _intake;
    private readonly SalesPipeline _pipeline;
    private readonly SerialDisposable _telling = new();

    /// <summary>Puts the parts together. Nothing runs yet.</summary>
    /// <param name="store">The store; null in a dry run.</param>
    /// <param name="parts">Takes what is to be disposed of after this.</param>
    public SellingHost(
        RunOptions options,
        ChainInfo chain,
        IRpcLink link,
        ISigner signer,
        SqliteSalesStore? store,
        RunLines lines,
        IScheduler core,
        DisposableStack parts)
    {
        (_options, _lines, _core) = (options, lines, core);
        if (store is not null)
        {
            lines.Recall(store.LoadGas());
        }

        var dry = new DryPorts();
        ISlotStorage storage = store is null ? dry : PortFactory.OpenStorage(options, store.Load(), core, parts);
        IProver prover = store is null ? dry : PortFactory.OpenProver(options, core);
        _intake = new MarketIntake(link, options.Marketplace, options.ReadingOf(chain), store?.Cursor, core);
        _market = new EthereumMarket(
            link,
            new ContractLocation(chain.Id, options.Marketplace),
            signer,
            store?.Transactions ?? (ITransactionJournal)signer,
            options.Sending,
            _intake.Events,
            _intake.Heads,
            _intake.FinalHeads,
            core);

        // From the first moment: transactions that landed before this run are told again, and booked. Ends with the market.
        _market.TransactionNotices.Subscribe(lines.Tell);
        _pipeline = new SalesPipeline(
            options.IsDryRun ? new DryMarket(_market) : _market,
            storage,
            prover,
            new SalesPipelineOptions
            {
                Workers = options.Workers,
                QueueCapacity = options.QueueSize,

                // Hosts that compete should not try the slots of a request in the same order.
                Seed = signer.Account.GetHashCode(),
            },
            core,
            store);
    }

    /// <summary>The pipeline's end, with the error that ended it.</summary>
    public Task Completion => _pipeline.Completion;

    /// <summary>Lets nothing new begin for a reason; null when it is over. Hosted slots go on.</summary>
    public void Hold(string? because) => _pipeline.Workers.Hold(because);

    public AvailabilityLedger Availabilities => _pipeline.Availabilities;

    /// <summary>Offers what the options say.</summary>
    public async Task OfferAsync()
    {
        await Offers.RemoveAsync(Availabilities, _options.RemovedAvailabilities, "--remove-availability").ConfigureAwait(false);
        await Offers.SaveAsync(Availabilities, _options.Availabilities).ConfigureAwait(false);
        if (Availabilities.Snapshot.Count == 0)
        {
            throw new CannotRunException(
                "--availability: not given, and the store remembers none, but --availability SPEC is expected.");
        }

        foreach (var balance in Availabilities.Snapshot)
        {
            _lines.Say("offer", Offers.Describe(balance));
        }
    }

    /// <summary>Begins to sell, and to tell of it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _telling.Disposable = Tell();
        return _pipeline.StartAsync(cancellationToken);
    }

    private CompositeDisposable Tell() => new(
        _pipeline.Troubles.Subscribe(_lines.Tell),
        _pipeline.Recovered.Subscribe(_lines.Tell),
        _intake.Health.DistinctUntilChanged(health => (health.Problem, health.Told is null)).Skip(1).Subscribe(Report),
        _intake.Health.Select(health => health.Missing)
            .DistinctUntilChanged()
            .Merge(_intake.Health.Select(health => health.Notice).DistinctUntilChanged())
            .Where(sentence => sentence is not null)
            .Subscribe(sentence => _lines.Say("node", sentence!)),
        PastIsTold.SelectMany(_ => _intake.Health.Take(1)).Subscribe(Report),
        Observable.Interval(_options.ReportEvery, _core).SelectMany(_ => _intake.Health.Take(1)).Subscribe(Report),
        _pipeline.Steps.Subscribe(_lines.Tell, _ => { })); // Its error is the completion's, too.

    /// <summary>Comes to rest: nothing new begins, hosted slots are proved on, and the calls and transactions under way end.</summary>
    /// <exception cref="StopFailedException">One of them did not end in time, or the pipeline ended with an error.</exception>
    public async Task StopAsync()
    {
        var isAtRest = await _pipeline.StopAsync(_options.StopWithin).ConfigureAwait(false);
        if (Completion.Exception?.InnerException is { } failure)
        {
            throw new StopFailedException(failure.Message, failure);
        }

        if (!isAtRest)
        {
            foreach (var left in await _market.SettleAsync(TimeSpan.Zero).ConfigureAwait(false))
            {
                _lines.Say("stop", $"{left} is in no block yet.");
            }

            throw new StopFailedException($"what was on its way was not done within {_options.StopWithin.TotalSeconds} s.");
        }
    }

    /// <summary>Ends everything. Sales under way go on with the next run.</summary>
    public async ValueTask DisposeAsync()
    {
        await _pipeline.DisposeAsync().ConfigureAwait(false);
        _telling.Dispose();
        _market.Dispose();
        _lines.Say("stop", $"Stopped. Sales under way, which the next run takes up: {_pipeline.Sales.Count}.");
    }

    // From then on slots are chosen.
    private IObservable<bool> PastIsTold => _pipeline.Workers.Status
        .Select(workers => workers.Idle is IdleReason.PastIsBeingTold)
        .DistinctUntilChanged()
        .Skip(1);

    private void Report(IntakeHealth health) =>
        _lines.Say("health", new HealthSentence(_core.Now, health, _pipeline.Health).ToString());
}
