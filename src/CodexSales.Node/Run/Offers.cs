using CodexSales.Node.Formatting;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;

namespace CodexSales.Node.Run;

/// <summary>The availabilities for sale, as options say them and as they are told.</summary>
internal static class Offers
{
    // The name of an only one that was given without an id.
    private static readonly AvailabilityId Only = new("v1");

    /// <summary>The only one that is given needs no id, as long as there is no other.</summary>
    /// <exception cref="CannotSellException">The store remembers others, so that nobody knows which is meant.</exception>
    public static ImmutableArray<Availability> WithIds(
        ImmutableArray<Availability> given, IEnumerable<AvailabilityId> remembered)
    {
        var others = remembered.Where(id => id != Only).ToList();
        return given.All(availability => availability.Id != default) ? given
            : others.Count == 0 ? [.. given.Select(availability => availability with { Id = Only })]
            : throw new CannotSellException(
                "--availability: id is expected in it, too, as in each where there is more than one: the store remembers "
                    + $"{string.Join(", ", others)}.");
    }

    /// <summary>Offers those of options, as far as they are not for sale already.</summary>
    public static async Task SaveAsync(AvailabilityLedger ledger, IEnumerable<Availability> given)
    {
        foreach (var availability in given)
        {
            if ((Find(ledger, $"{availability.Id}") is not { IsDraining: false } before || before.Availability != availability)
                && await ledger.SaveAsync(availability).ConfigureAwait(false) is LedgerRefused refused)
            {
                throw new CannotSellException($"--availability: {refused.Detail}");
            }
        }
    }

    /// <summary>Sells nothing more of some, which are gone as soon as their last sales have ended.</summary>
    /// <param name="option">The option that named them.</param>
    public static async Task RemoveAsync(AvailabilityLedger ledger, IEnumerable<string> ids, string option)
    {
        foreach (var id in ids)
        {
            var found = Find(ledger, id)
                ?? throw new CannotSellException($"{option}: '{id}' is given, but the store remembers none of that id.");
            await ledger.DrainAsync(found.Availability.Id).ConfigureAwait(false);
        }
    }

    /// <summary>One in a sentence.</summary>
    public static string Describe(AvailabilityBalance balance)
    {
        var offer = balance.Availability;
        return $"{offer.Id}: {Figures.Bytes(offer.TotalBytes)}, {Figures.Bytes(balance.FreeBytes)} of it free, for up to "
            + $"{Figures.Span(offer.MaxDurationSeconds)} at {offer.MinPricePerBytePerSecond} or more for each byte and second, "
            + $"with a collateral of {offer.TotalCollateral}, {balance.FreeCollateral} of it free"
            + (offer.Until is { } until ? $", until {until}" : "")
            + (balance.IsDraining ? $", removed when its sales have ended: {balance.Sales}" : offer.IsDisabled ? ", disabled" : "");
    }

    private static AvailabilityBalance? Find(AvailabilityLedger ledger, string id) =>
        ledger.Snapshot.FirstOrDefault(balance => $"{balance.Availability.Id}" == id);
}
