using System.Text;

namespace CodexSales.Rx.Web.Offers;

/// <summary>Which names an availability may be given, by the page and by the API alike.</summary>
internal static class OfferName
{
    // They mean something else in a path, so that one of that name could not be asked for or removed.
    private static readonly string[] _ofPaths = [".", "..", "live"];

    public static string Expected { get; } =
        $"a name of 1 to 100 characters that can be seen, and none of {string.Join(", ", _ofPaths)},";

    /// <summary>Takes a name as it is; false when none may be given that name.</summary>
    public static bool TryRead(string text, out AvailabilityId id) =>
        AvailabilityId.TryParse(text, out id)
        && !_ofPaths.Contains(text, StringComparer.OrdinalIgnoreCase)
        && !text.EnumerateRunes().Any(IsUnseen);

    private static bool IsUnseen(Rune letter) => Rune.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format;
}
