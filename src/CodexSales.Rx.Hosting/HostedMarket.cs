using System.Reactive;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Health;

namespace CodexSales.Rx.Hosting;

/// <summary>A market, and what a host does before it sells there.</summary>
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
}
