namespace CodexSales.Rx.Requests;

/// <summary>How much of the market is kept in memory.</summary>
/// <param name="MaxRequests">
/// The most requests that are open, running, or over and not yet forgotten. The least useful ones give way, except for
/// those with a sale of ours.
/// </param>
/// <param name="MaxTouchedSlots">
/// The most slots of one request that something has happened to. A request with more is dropped.
/// </param>
internal sealed record TrackingLimits(int MaxRequests, int MaxTouchedSlots);
