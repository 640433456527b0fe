namespace CodexSales.Rx.Requests;

/// <summary>The bounds on how much of the market is kept in memory.</summary>
/// <param name="MaxRequests">The most requests that are open, running, or over and not yet forgotten. The least useful
/// ones give way, except for those with a sale of ours.</param>
/// <param name="MaxTouchedSlots">The most touched slots of a request; one with more is dropped.</param>
internal sealed record TrackingLimits(int MaxRequests, int MaxTouchedSlots);
