using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting.Alerts;

namespace CodexSales.Rx.Hosting;

/// <summary>A market, and what a host does before it sells there.</summary>
/// <param name="Market">The market.</param>
internal sealed record HostedMarket(IMarket Market)
{
    /// <summary>Waits until it can be sold on; throws what no waiting will change.</summary>
    public Func<CancellationToken, Task> PrepareAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Why nothing can be sold there now, in a sentence; null when nothing keeps it from that.</summary>
    public Func<string?> FindProblem { get; init; } = () => null;

    /// <summary>The state of each node that is asked.</summary>
    public Func<IReadOnlyList<RpcLinkState>> LookAtNodes { get; init; } = () => [];

    /// <summary>What happens to transactions, on the core.</summary>
    public IObservable<TransactionNotice> Transactions { get; init; } = Observable.Never<TransactionNotice>();

    /// <summary>Asks for the money of the account; null for a market that doesn't say.</summary>
    public Func<CancellationToken, Task<AccountMoney?>>? AskMoneyAsync { get; init; }
}
