using CodexSales.Rx.Requests;

namespace CodexSales.Rx.Queueing;

/// <summary>
/// The order of the queue, best first: slots that aren't deferred; the highest reward; the lowest collateral; the latest
/// expiry (for a slot in repair, which has none, the latest end); the smallest slot; the earliest arrival.
/// </summary>
/// <remarks>
/// A total order over slots whose arrivals differ, which is all slots of a queue. Allocates nothing. Threading: immutable, for
/// any thread, as long as the host's own order is. Source: codex-research <c>design/sales.md</c>, "Slot queue".
/// </remarks>
/// <param name="terms">
/// A host's own order of terms, best first, in place of reward, collateral, expiry and size; null for these. Deferred slots
/// come last all the same, and what it holds for equal is in order of arrival. It must always say the same of the same two
/// terms. An exception from it ends the pipeline's run, as an error of whoever runs it.
/// </param>
public sealed class SlotOrder(IComparer<SlotTerms>? terms = null) : IComparer<OpenSlot>
{
    /// <summary>The order without a host's own.</summary>
    public static SlotOrder Standard { get; } = new();

    /// <inheritdoc/>
    public int Compare(OpenSlot? x, OpenSlot? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 1 : 0) - (y is null ? 1 : 0);
        }

        if (x.IsDeferred != y.IsDeferred)
        {
            return x.IsDeferred ? 1 : -1;
        }

        // All slots of a request share their terms, and mostly meet each other.
        var order = ReferenceEquals(x.Terms, y.Terms) ? 0
            : terms is null ? CompareTerms(x.Terms, y.Terms)
            : terms.Compare(x.Terms, y.Terms);
        return order != 0 ? order : x.Arrival.CompareTo(y.Arrival);
    }

    private static int CompareTerms(SlotTerms x, SlotTerms y)
    {
        var order = y.Reward.CompareTo(x.Reward);
        order = order != 0 ? order : x.Collateral.CompareTo(y.Collateral);
        order = order != 0 ? order : y.OpenUntil.CompareTo(x.OpenUntil);
        return order != 0 ? order : x.Ask.SlotSizeBytes.CompareTo(y.Ask.SlotSizeBytes);
    }
}
