namespace CodexSales.Rx.Hosting.Refusals;

/// <summary>How often something was not for sale for one reason since the app has started. Immutable.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How often.</param>
/// <param name="Last">The latest of them.</param>
/// <param name="Nearest">
/// The one that missed a limit of ours by least, in parts of the limit; the latest one where no limit decided.
/// </param>
public sealed record RefusalTally(RefusalReason Reason, long Count, Refusal Last, Refusal Nearest);
