using System.Reactive;
using System.Reactive.Subjects;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.StartUp;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Health;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Hosting;

/// <summary>The Marketplace contract on a chain. It checks before the pipeline starts that selling is possible
/// there.</summary>
#pragma warning disable CA1001 // Its streams end with the market: a notice may be on its way to them.
internal sealed class EthereumPart
#pragma warning restore CA1001
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(5);
    private const int ProofsLookedAt = 200;
    private static readonly TimeSpan LongestRequestEver = TimeSpan.FromDays(3_650);

    private readonly PartContext _context;
    private readonly EthereumSettings _settings;
    private readonly IRpcLink _link;
    private readonly ISigner _signer;
    private readonly LateMarket _market;
    private readonly Subject<TransactionNotice> _notices = new();
    private readonly Subject<Unit> _turns = new();
    private readonly IReadOnlyList<RpcEndpoint> _nodes;
    private volatile IntakeHealth? _intake;
    private volatile string? _problem = "The node has not answered yet.";
    private readonly LastNotices _lastNotices = new();
    private volatile EthereumMarket? _ethereum;
    private volatile StoreOwner? _owner;

    private EthereumPart(PartContext context)
    {
        (_context, _settings) = (context, context.Options.Ethereum);
        _nodes = [.. _settings.Nodes.Select(NodeLinks.Parse)];
        var rpc = new RpcOptions { MaxPerSecond = _settings.RequestsPerSecond };
        _link = context.Own(_nodes is [var only]
            ? NodeLinks.Connect(only, rpc, context.Core)
            : new FailoverRpcTransport([.. _nodes.Select(node => NodeLinks.Connect(node, rpc, context.Core))], rpc, context.Core));
        _signer = context.Services.GetService<ISigner>() ?? new SignerOpening(context, _settings).Open(_link);
        _market = new LateMarket(_signer.Account);
    }

    /// <summary>Opens it. Nothing is asked yet.</summary>
    /// <exception cref="CannotSellException">The key can't be read.</exception>
    public static HostedMarket Open(PartContext context)
    {
        var part = new EthereumPart(context);
        return new HostedMarket(part._market)
        {
            PrepareAsync = part.PrepareAsync,
            FindProblem = () => part._intake is { } reading ? reading.Problem : part._problem,
            Sentence = part.Say,
            Turns = part._turns.AsObservable(),
            Transactions = part._notices.AsObservable(),
            SettleAsync = () => part._ethereum?.SettleAsync(TimeSpan.Zero) ?? Task.FromResult<IReadOnlyList<TransactionPurpose>>([]),
            Describe = part.Describe,
            ReadBalancesAsync = part.ReadBalancesAsync,
            ReadTransactionsAsync = part.ReadTransactionsAsync,
            AskMoneyAsync = part.AskMoneyAsync,
            LookAtNodes = () => [.. part._link.Endpoints.Select(node => node.State)],
        };
    }

    // Retries until the node answers.
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        SalesLog.Opening(
            _context.Logger, _signer.Account, _settings.Marketplace!.Value, string.Join(", ", _nodes),
            _context.IsDryRun ? " A dry run: nothing is sent, stored or proved." : "");
        if (_settings.Signer is { } program && SignerOpening.FindRisk(program) is { } risk)
        {
            SalesLog.SignerIsAtRisk(_context.Logger, risk);
        }

        while (!await TryOpenAsync(cancellationToken).ConfigureAwait(false))
        {
            await _context.Core.Sleep(AskAgainAfter, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var check = new ChainCheck(_link, _settings.Marketplace!.Value, _signer, _settings.ChainId, _settings.Account);
            var fault = await check.FindFaultAsync(cancellationToken).ConfigureAwait(false);
            switch (fault?.Kind)
            {
                case ChainFaultKind.Unavailable:
                    return Note(fault.Sentence);

                // Both may be mended while it runs; until then sales that can't be paid for are refused.
                case ChainFaultKind.NoEther or ChainFaultKind.NoTokens:
                    SalesLog.AccountIsShort(_context.Logger, fault.Sentence);
                    break;

                case not null:
                    throw new CannotSellException(fault.Sentence);
            }

            await OpenAsync(cancellationToken).ConfigureAwait(false);
            _problem = null;
            return true;
        }
        catch (MarketUnavailableException unavailable)
        {
            return Note(unavailable.Message);
        }
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var marketplace = _settings.Marketplace!.Value;
        var chain = await ChainCheck.GetChainIdAsync(_link, cancellationToken).ConfigureAwait(false);
        var configuration = await new MarketplaceCalls(_link, marketplace, _signer.Account)
            .GetConfigurationAsync(cancellationToken).ConfigureAwait(false);
        var longest = TimeSpan.FromSeconds(
            Math.Clamp(configuration.RequestDurationLimitSeconds, 1, (ulong)LongestRequestEver.TotalSeconds));
        SalesLog.ChainIsFound(_context.Logger, chain, longest.TotalDays);
        var store = _context.Store as SqliteSalesStore; // The validator asks for it, unless it is a dry run.
        _owner = new StoreOwner(chain, marketplace, _signer.Account);
        await ClaimAsync(store, _owner, cancellationToken).ConfigureAwait(false);
        var intake = new MarketIntake(
            _link,
            marketplace,
            _settings.Intake with { ChainId = chain, LookBack = longest },
            store?.Cursor,
            _context.Core);
        var market = _ethereum = _context.Own(new EthereumMarket(
            _link,
            new ContractLocation(chain, marketplace),
            _signer,
            store?.Transactions ?? (ITransactionJournal)_signer,
            _settings.Transactions,
            intake.Events,
            intake.Heads,
            intake.FinalHeads,
            _context.Core));
        _context.Own(Follow(intake));

        // From the first moment: transactions that landed before this run are told again, and booked. Ends with the market.
        market.TransactionNotices.ObserveOn(_context.Core).Do(_lastNotices.Note).Subscribe(_notices);
        _market.Open(market);
    }

    private CompositeDisposable Follow(MarketIntake intake)
    {
        var logger = _context.Logger;
        var health = intake.Health.ObserveOn(_context.Core).Publish();
        return
        [
            health.Subscribe(reading => _intake = reading),
            health.DistinctUntilChanged(reading => (reading.Problem, reading.Told is null)).Skip(1).Subscribe(_ => _turns.OnNext(Unit.Default)),
            health.Select(reading => reading.Missing).DistinctUntilChanged()
                .Merge(health.Select(reading => reading.Notice).DistinctUntilChanged())
                .Where(sentence => sentence is not null)
                .Subscribe(sentence => SalesLog.AboutNodes(logger, sentence!)),
            health.Connect(),
        ];
    }

    // As long as the reading of the chain is not up to date, nothing else matters.
    private string Say(SalesHealth health) => _intake is { } reading
        ? new HealthSentence(_context.Core.Now, reading, health).ToString()
        : $"Not selling: {_problem}";

    private ChainStatus Describe(ChainStatus status) => status with
    {
        ChainId = _owner?.ChainId,
        Marketplace = _settings.Marketplace,
        NodeBlock = _intake?.Head,
        Lag = _intake?.Lag,
        Notice = _intake?.Missing ?? _intake?.Notice,
        Endpoints = [.. _link.Endpoints.Select(node => node.State).Select(state => new ChainEndpoint(
            state.Endpoint, state.Endpoint == _link.State.Endpoint, state.Connections, state.Problem))],
        GasPrice = _ethereum?.GasPrice,
        SpentInADay = _ethereum?.SpentInADay,
        MostInADay = _settings.Transactions.MostWeiPerDay,
    };

    private async Task<HostBalances?> ReadBalancesAsync(BlockStamp asOf, CancellationToken cancellationToken)
    {
        if (_ethereum is not { } market)
        {
            return null;
        }

        var has = await market.GetBalancesAsync(asOf, cancellationToken).ConfigureAwait(false);
        var sent = await ReadTransactionsAsync(ulong.MaxValue, ProofsLookedAt, false, cancellationToken).ConfigureAwait(false);
        var costs = sent
            .Where(each => each is { Purpose.Kind: TransactionKind.SubmitProof, End.Kind: TransactionEndKind.Landed })
            .Select(each => each.End!.SpentWei)
            .ToList();
        return new HostBalances(has.AsOf, has.Ether, has.Tokens, has.Allowance)
        {
            WeiPerProof = costs.Count == 0 ? null : costs.Aggregate((sum, wei) => sum + wei) / (ulong)costs.Count,
        };
    }

    private async Task<AccountMoney?> AskMoneyAsync(CancellationToken cancellationToken)
    {
        if (_ethereum is not { } market || _intake?.Told is not { } block)
        {
            return null;
        }

        var has = await market.GetBalancesAsync(block, cancellationToken).ConfigureAwait(false);
        return new AccountMoney(has.Ether, has.Tokens, market.SpentInADay, _settings.Transactions.MostWeiPerDay);
    }

    private async Task<IReadOnlyList<HostTransaction>> ReadTransactionsAsync(
        ulong before, int count, bool isInFlight, CancellationToken cancellationToken)
    {
        if (_owner is not { } owner || _context.Store is not SqliteSalesStore store)
        {
            return [];
        }

        var entries = await store
            .ReadTransactionsAsync(new SendingAccount(owner.ChainId, owner.Account), before, count, isInFlight, cancellationToken)
            .ConfigureAwait(false);
        return [.. entries.Select(entry => HostTransaction.Of(entry, _lastNotices.Of(entry.Nonce)))];
    }

    private bool Note(string problem)
    {
        if (problem != _problem)
        {
            SalesLog.ChainIsUnavailable(_context.Logger, problem.TrimEnd('.'), AskAgainAfter.TotalSeconds);
            _problem = problem;
        }

        return false;
    }

    private async Task ClaimAsync(SqliteSalesStore? store, StoreOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            await (store?.ClaimAsync(owner, cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (SalesStoreException refused)
        {
            throw new CannotSellException($"{_context.Key("Sqlite:Path")}: {refused.Message}", refused);
        }
    }
}
