namespace CodexSales.Rx.Tracking;

/// <summary>How much of the market is kept in memory.</summary>
/// <param name="MaxRequests">The most requests that are open or running at once. More are refused.</param>
/// <param name="MaxTouchedSlots">
/// The most slots of one request that something has happened to. A request with more is dropped.
/// </param>
internal sealed record TrackingLimits(int MaxRequests, int MaxTouchedSlots);
