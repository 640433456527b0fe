using System.Reactive;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Health;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Chain;

namespace CodexSales.Rx.Hosting;

/// <summary>A market, what a host does before it sells there, and what can be asked about it beside selling.</summary>
/// <param name="Market">The market.</param>
internal sealed record HostedMarket(IMarket Market)
{
    /// <summary>Waits until it can be sold on; throws what no waiting will change.</summary>
    public Func<CancellationToken, Task> PrepareAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Why nothing can be sold there now, in a sentence; null when nothing keeps it from that.</summary>
    public Func<string?> FindProblem { get; init; } = () => null;

    /// <summary>How the host is doing, in a sentence or two: the market's own, as long as that is not up to date.</summary>
    public Func<SalesHealth, string> Sentence { get; init; } = health => $"{health}";

    /// <summary>Whenever it falls behind, or is up to date again, on the core.</summary>
    public IObservable<Unit> Turns { get; init; } = Observable.Never<Unit>();

    /// <summary>What becomes of transactions, on the core.</summary>
    public IObservable<TransactionNotice> Transactions { get; init; } = Observable.Never<TransactionNotice>();

    /// <summary>What was sent and is in no block yet; nothing more is sent from now on.</summary>
    public Func<Task<IReadOnlyList<TransactionPurpose>>> SettleAsync { get; init; } =
        () => Task.FromResult<IReadOnlyList<TransactionPurpose>>([]);

    /// <summary>Adds what is known of the chain to what the pipeline knows.</summary>
    public Func<ChainStatus, ChainStatus> Describe { get; init; } = status => status;

    /// <summary>What the account has as of a block; null where there is no account that has anything.</summary>
    public Func<BlockStamp, CancellationToken, Task<HostBalances?>> ReadBalancesAsync { get; init; } =
        (_, _) => Task.FromResult<HostBalances?>(null);

    /// <summary>What was sent, the latest first: below a nonce, so many at most, and whether only what is in flight.</summary>
    public Func<ulong, int, bool, CancellationToken, Task<IReadOnlyList<HostTransaction>>> ReadTransactionsAsync { get; init; } =
        (_, _, _, _) => Task.FromResult<IReadOnlyList<HostTransaction>>([]);

    /// <summary>The state of each node that is asked.</summary>
    public Func<IReadOnlyList<RpcLinkState>> LookAtNodes { get; init; } = () => [];

    /// <summary>Asks for the money of the account; null for a market that doesn't say.</summary>
    public Func<CancellationToken, Task<AccountMoney?>>? AskMoneyAsync { get; init; }
}
