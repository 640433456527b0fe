using CodexSales.Rx.Availabilities;

namespace CodexSales.Rx.Filtering;

/// <summary>What an availability would take of the market as it is now, were it saved so. Immutable.</summary>
/// <param name="OpenSlots">How many slots of the market can be filled.</param>
/// <param name="Matching">How many of them its terms allow, as far as each alone is concerned.</param>
/// <param name="Fitting">How many of these find room together, those that pay most first.</param>
/// <param name="Bytes">The space that these take.</param>
/// <param name="Collateral">The collateral that they take, in the token's smallest unit.</param>
/// <param name="Reward">What they pay until their ends if no proof is missed, in the token's smallest unit.</param>
/// <param name="Refused">How many slots it does not take, by why.</param>
public sealed record OfferPreview(
    UInt128 OpenSlots,
    UInt128 Matching,
    UInt128 Fitting,
    UInt128 Bytes,
    UInt256 Collateral,
    UInt256 Reward,
    IReadOnlyDictionary<RefusalReason, UInt128> Refused)
{
    // Clients may ask for any number of slots of any size: a look at them ends.
    private const int MostFitting = 100_000;

    internal static OfferPreview Of(AvailabilityBalance draft, IEnumerable<(SlotTerms Terms, UInt128 Slots)> open)
    {
        var refused = new Dictionary<RefusalReason, UInt128>();
        var matching = new List<(SlotTerms Terms, UInt128 Slots)>();
        UInt128 count = 0;
        foreach (var (terms, slots) in open.Where(offer => offer.Slots > 0))
        {
            count += slots;
            if (draft.Refuses(terms) is { } reason)
            {
                refused[reason] = refused.GetValueOrDefault(reason) + slots;
            }
            else
            {
                matching.Add((terms, slots));
            }
        }

        UInt128 freeBytes = draft.FreeBytes, fitting = 0, taken = 0;
        var (freeCollateral, reward) = (draft.FreeCollateral, UInt256.Zero);
        foreach (var (terms, slots) in matching.OrderByDescending(offer => offer.Terms.Reward).ThenBy(offer => offer.Terms.Collateral))
        {
            // Each takes space, so that what fits is no more than the space holds; a slot of 0 bytes is refused as one that pays nothing.
            for (UInt128 slot = 0; slot < slots && terms.Ask.SlotSizeBytes <= freeBytes - taken && terms.Collateral <= freeCollateral
                && fitting < MostFitting; slot++)
            {
                (fitting, taken) = (fitting + 1, taken + terms.Ask.SlotSizeBytes);
                freeCollateral -= terms.Collateral;
                reward = UInt256.TryAdd(reward, terms.Reward, out var sum) ? sum : UInt256.MaxValue;
            }
        }

        return new OfferPreview(
            count, matching.Aggregate((UInt128)0, (sum, offer) => sum + offer.Slots), fitting, taken,
            draft.FreeCollateral - freeCollateral, reward, refused);
    }
}
