using CodexSales.Node.Cli;
using CodexSales.Node.Formatting;
using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Hosting;

namespace CodexSales.Node.Run;

/// <summary>The availabilities for sale, as options say them and as they are told.</summary>
internal static class Offers
{
    // The name of an only one that was given without an id.
    private static readonly AvailabilityId Only = new("v1");

    /// <summary>The id of one that is given: the only one needs none, as long as it was the first, or there is no other.</summary>
    /// <exception cref="CannotSellException">The store remembers only others, so that nobody knows which is meant.</exception>
    public static AvailabilityId IdOf(AvailabilityId given, IEnumerable<AvailabilityId> remembered)
    {
        if (given != default)
        {
            return given;
        }

        var known = remembered.ToList();
        return known.Count == 0 || known.Contains(Only) ? Only : throw new CannotSellException(
            "--availability: id is expected in it, too, as in each where there is more than one: the store remembers "
                + $"{string.Join(", ", known)}.");
    }

    /// <summary>Changes what is given of one, as it is then; adds it where there is none, or where it is removed soon.</summary>
    public static async Task SetAsync(AvailabilityLedger ledger, OfferChange given)
    {
        var found = Find(ledger, $"{given.Id}");
        var isForSale = found is { IsDraining: false };
        if (!isForSale && given.FindMissingOfNew(isDraining: found is not null) is { } missing)
        {
            throw new CannotSellException(missing);
        }

        if (await (isForSale ? ledger.ChangeAsync(given.Id, given.ChangeOf) : ledger.SaveAsync(given.ToAvailability())).ConfigureAwait(false)
            is LedgerRefused refused)
        {
            throw new CannotSellException($"--availability: {refused.Detail}");
        }
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
        // All are looked for before the first one is changed.
        var found = ids
            .Select(id => Find(ledger, id) ?? throw new CannotSellException($"{option}: '{id}' is given, but the store remembers none of that id."))
            .ToList();
        foreach (var one in found)
        {
            await ledger.DrainAsync(one.Availability.Id).ConfigureAwait(false);
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
