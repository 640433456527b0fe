using System.Reactive.Subjects;
using CodexSales.Rx.Ethereum;
using CodexSales.Rx.Ethereum.Calls;
using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Ethereum.LocalKey;
using CodexSales.Rx.Ethereum.Logs;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.StartUp;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CodexSales.Rx.Hosting;

/// <summary>The Marketplace contract on a chain. What it takes to sell there is looked at before the pipeline starts.</summary>
#pragma warning disable CA1001 // Its notices end with the process: alerts leave them earlier.
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
    private readonly LastNotices _lastNotices = new();
    private volatile EthereumMarket? _ethereum;
    private volatile IntakeHealth? _intake;
    private volatile StoreOwner? _owner;
    private readonly Subject<TransactionNotice> _notices = new();
    private string? _problem = "The node has not answered yet.";

    private EthereumPart(PartContext context)
    {
        (_context, _settings) = (context, context.Options.Ethereum);
        var nodes = _settings.Nodes.Select(Endpoint).ToList();
        var rpc = new RpcOptions { MaxPerSecond = _settings.RequestsPerSecond };
        _link = context.Own(nodes is [var only]
            ? Connect(only, rpc)
            : new FailoverRpcTransport([.. nodes.Select(node => Connect(node, rpc))], rpc, context.Core));
        _signer = context.Services.GetService<ISigner>() ?? OpenSigner();
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
            FindProblem = () => part._problem,
            Describe = part.Describe,
            ReadBalancesAsync = part.ReadBalancesAsync,
            ReadTransactionsAsync = part.ReadTransactionsAsync,
            AskMoneyAsync = part.AskMoneyAsync,
            LookAtNodes = () => [.. part._link.Endpoints.Select(node => node.State)],
            Transactions = part._notices,
        };
    }

    // Retries until the node answers.
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
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
        var store = (SqliteSalesStore)_context.Store!; // The validator asks for it.
        _owner = new StoreOwner(chain, marketplace, _signer.Account);
        await ClaimAsync(store, _owner, cancellationToken).ConfigureAwait(false);
        var longest = Math.Clamp(configuration.RequestDurationLimitSeconds, 1, (ulong)LongestRequestEver.TotalSeconds);
        var intake = new MarketIntake(
            _link,
            marketplace,
            _settings.Intake with { ChainId = chain, LookBack = TimeSpan.FromSeconds(longest) },
            store.Cursor,
            _context.Core);
        var market = _context.Own(new EthereumMarket(
            _link,
            new ContractLocation(chain, marketplace),
            _signer,
            store.Transactions,
            _settings.Transactions,
            intake.Events,
            intake.Heads,
            intake.FinalHeads,
            _context.Core));
        var logger = _context.Logger;
        _context.Own(intake.Health.Subscribe(health => (_intake, _problem) = (health, health.Problem)));
        var traces = _context.Services.GetRequiredService<SalesTraces>();
        _ethereum = market;
        market.TransactionNotices.ObserveOn(_context.Core).Do(traces.Note).Do(_notices.OnNext)
            .Do(_lastNotices.Note).Subscribe(notice => SalesLog.Transaction(logger, notice)); // Ends with the market.
        _market.Open(market);
    }

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
        if (_owner is not { } owner)
        {
            return [];
        }

        var entries = await ((SqliteSalesStore)_context.Store!)
            .ReadTransactionsAsync(new SendingAccount(owner.ChainId, owner.Account), before, count, isInFlight, cancellationToken)
            .ConfigureAwait(false);
        return [.. entries.Select(entry => HostTransaction.Of(entry, _lastNotices.Of(entry.Nonce)))];
    }

    private bool Note(string problem)
    {
        if (problem != _problem)
        {
            SalesLog.ChainIsUnavailable(_context.Logger, problem.TrimEnd('.'), AskAgainAfter);
            _problem = problem;
        }

        return false;
    }

    private async Task ClaimAsync(SqliteSalesStore store, StoreOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            await store.ClaimAsync(owner, cancellationToken).ConfigureAwait(false);
        }
        catch (SalesStoreException refused)
        {
            throw new CannotSellException($"{_context.Key("Sqlite:Path")}: {refused.Message}", refused);
        }
    }

    private ISigner OpenSigner()
    {
        if (_settings.KeyFile is { } file)
        {
            var password = _settings.PasswordFile is { } given ? Read("PasswordFile", () => PrivateFile.ReadText(given)) : [];
            try
            {
                return _context.Own(Read("KeyFile", () => LocalKeySigner.FromFile(file, password)));
            }
            finally
            {
                password.AsSpan().Clear();
            }
        }

        var account = _settings.Account!.Value;
        return _settings.Signer is not { } program
            ? new NodeAccountSigner(_link, account)
            : new RemoteSigner(
                _context.Own(Connect(Endpoint(program), new RpcOptions())),
                account,
                _settings.SignerIsClef ? RemoteSignerProtocol.Clef : RemoteSignerProtocol.Ethereum);
    }

    private IRpcLink Connect(RpcEndpoint node, RpcOptions options) => node.IsWebSocket
        ? new WebSocketRpcTransport(node, options, _context.Core)
        : new HttpRpcTransport(node, options, _context.Core);

    private static RpcEndpoint Endpoint(string url) =>
        RpcEndpoint.TryParse(url, out var endpoint, out var problem) ? endpoint : throw new CannotSellException(problem);

    private T Read<T>(string option, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (KeyFileException unusable)
        {
            throw new CannotSellException($"{_context.Key($"Ethereum:{option}")}: {unusable.Message}", unusable);
        }
    }
}
