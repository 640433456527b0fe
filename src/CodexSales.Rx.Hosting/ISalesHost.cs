using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Filtering;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Selling;
using CodexSales.Rx.Working;

namespace CodexSales.Rx.Hosting;

/// <summary>The host of the marketplace that runs in this app.</summary>
/// <remarks>
/// <para>
/// There from the start of the app to its end. After an error that ended the pipeline, another one takes its place, on the same
/// store: <see cref="Steps"/>, <see cref="Refusals"/> and <see cref="Troubles"/> go on then; what was observed of <see cref="Queue"/>,
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

    /// <summary>How fast time passes, where the market is simulated; null where it is real.</summary>
    SimulatedSpeed? Speed { get; }

    /// <summary>What an availability would take of the market as it is now, were it saved so. Changes nothing.</summary>
    /// <param name="draft">The availability; one of the same name keeps what its sales hold.</param>
    /// <exception cref="ObjectDisposedException">The app has ended.</exception>
    Task<OfferPreview> PreviewAsync(Availability draft);

    /// <summary>Past sales out of the store, the latest first.</summary>
    /// <param name="before">Only sales with a lower number; <see cref="long.MaxValue"/> for the latest.</param>
    /// <param name="count">How many at most; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<PastSale>> ReadHistoryAsync(
        long before = long.MaxValue, int count = 100, CancellationToken cancellationToken = default);
}
