using System.Text.Json;

namespace CodexSales.Node.Formatting;

/// <summary>Names of the code as words for people: "ReservationsFull" is "reservations full".</summary>
internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()).Replace('-', ' ');

    /// <summary>A sale's state without the word that all of them begin with: "proving".</summary>
    public static string OfState(SaleStateName state) => Of(state)["sale ".Length..];
}
