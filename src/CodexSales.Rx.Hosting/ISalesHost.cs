using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Hosting.Alerts;
using CodexSales.Rx.Hosting.Chain;
using CodexSales.Rx.Hosting.Refusals;
using CodexSales.Rx.Hosting.Settings;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Hosting;

/// <summary>The host of the marketplace that runs in this app.</summary>
/// <remarks>
/// <para>
/// There from the start of the app to its end. After an error that ended the pipeline, another one takes its place, on the same
/// store: <see cref="Steps"/> and the other streams that are hot go on then; what was observed of <see cref="Queue"/>,
/// <see cref="Sales"/>, <see cref="Availabilities"/> and <see cref="Workers"/> completes, and these members are those of the new one.
/// </para>
/// <para>Threading: any thread; notifications come on the scheduler of the host, one at a time. See the pipeline's page on threads.</para>
/// </remarks>
public interface ISalesHost
{
    /// <summary>Each step of each sale, hot.</summary>
    IObservable<SaleStep> Steps { get; }

    /// <summary>Requests and slots that are not for sale, as they come, and why, hot.</summary>
    IObservable<Refusal> Refusals { get; }

    /// <summary>What failed for now and is tried again, hot.</summary>
    IObservable<SaleTrouble> Troubles { get; }

    /// <summary>Each sale that ends, with what it has cost, hot; told just after its last step.</summary>
    IObservable<EndedSale> Ends { get; }

    /// <summary>How each sale goes on that a restart had interrupted, hot.</summary>
    IObservable<RecoveredSale> Recovered { get; }

    /// <summary>What becomes of each transaction, hot; nothing on a market that is no chain.</summary>
    IObservable<TransactionNotice> Transactions { get; }

    /// <summary>
    /// Its end. Completes once the app has stopped it and it came to rest; fails with the error after which nothing is sold any more, or
    /// with a sentence that says what was cut off when it was stopped.
    /// </summary>
    Task Completion { get; }

    /// <summary>The slots that can be sold now, best first.</summary>
    /// <exception cref="InvalidOperationException">The app has not started yet; also of those below, but for <see cref="Health"/> and <see cref="Alerts"/>.</exception>
    SlotQueue Queue { get; }

    /// <summary>The sales under way.</summary>
    RunningSales Sales { get; }

    /// <summary>What is for sale, and what of it is sold; can be changed.</summary>
    AvailabilityLedger Availabilities { get; }

    /// <summary>Who acquires slots: can be limited and paused.</summary>
    Workers Workers { get; }

    /// <summary>How it is doing: whether it sells, and if not, why.</summary>
    SalesHostHealth Health { get; }

    /// <summary>How fast time passes, where the market is simulated; null where it is real.</summary>
    SimulatedSpeed? Speed { get; }

    /// <summary>What an availability would take of the market as it is now, were it saved so. Changes nothing.</summary>
    /// <param name="draft">The availability; one of the same name keeps what its sales hold.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The app has ended.</exception>
    Task<OfferPreview> PreviewAsync(Availability draft, CancellationToken cancellationToken = default);

    /// <summary>What it sells, where, and with what, as it is in force. Secrets of nodes' addresses are in it: not to be shown.</summary>
    CodexSalesOptions Options { get; }

    /// <summary>Where the chain stands, by what was heard of it last. Asks nobody.</summary>
    ChainStatus Chain { get; }

    /// <summary>How often something was not for sale since the app has started, by reason, with the nearest miss of each.</summary>
    IReadOnlyList<RefusalTally> RefusalTallies { get; }

    /// <summary>What the account has as of the newest block: one message to the node.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null before the first block, and where the market has no account that has anything.</returns>
    /// <exception cref="MarketUnavailableException">The node does not answer.</exception>
    Task<HostBalances?> ReadBalancesAsync(CancellationToken cancellationToken = default);

    /// <summary>What was sent, the highest nonce first: what is in flight, and what ended in the last day or so.</summary>
    /// <param name="before">Only lower nonces; <see cref="ulong.MaxValue"/> for the latest.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <param name="isInFlight">Whether only those that have not ended.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>None where the market is on no chain.</returns>
    Task<IReadOnlyList<HostTransaction>> ReadTransactionsAsync(
        ulong before = ulong.MaxValue, int count = 100, bool isInFlight = false, CancellationToken cancellationToken = default);

    /// <summary>
    /// What was not for sale, the latest first, out of the store of <see cref="CodexSalesBuilder.UseSqlite"/>, which keeps
    /// 10,000. Those of the last ten seconds may not be there yet, and of more than 1,000 in ten seconds some are only
    /// counted.
    /// </summary>
    /// <param name="before">Only those with a lower number; <see cref="long.MaxValue"/> for the latest.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">There is no store; or the app has not started yet.</exception>
    Task<IReadOnlyList<StoredRefusal>> ReadRefusalsAsync(
        long before = long.MaxValue, int count = 100, CancellationToken cancellationToken = default);

    /// <summary>What the operator should know of.</summary>
    /// <remarks>There from the start of the app to its end, whatever becomes of the pipeline.</remarks>
    SalesAlerts Alerts { get; }

    /// <summary>Past sales out of the store with what they have cost in fees, the latest first.</summary>
    /// <param name="before">Only sales with a lower number; <see cref="long.MaxValue"/> for the latest.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">There is no store; or the app has not started yet.</exception>
    Task<IReadOnlyList<StoredPastSale>> ReadHistoryAsync(
        long before = long.MaxValue, int count = 100, CancellationToken cancellationToken = default);
}
