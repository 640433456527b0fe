using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
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
    /// <exception cref="InvalidOperationException">The app has not started yet; also of the members below.</exception>
    SlotQueue Queue { get; }

    /// <summary>The sales under way.</summary>
    RunningSales Sales { get; }

    /// <summary>What is for sale, and what of it is sold; can be changed.</summary>
    AvailabilityLedger Availabilities { get; }

    /// <summary>Who acquires slots: can be limited and paused.</summary>
    Workers Workers { get; }

    /// <summary>How it is doing: whether it sells, and if not, why.</summary>
    SalesHostHealth Health { get; }

    /// <summary>Past sales out of the store, the latest first.</summary>
    /// <param name="before">Only sales with a lower number; <see cref="long.MaxValue"/> for the latest.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before = long.MaxValue, int count = 100, CancellationToken cancellationToken = default);
}
