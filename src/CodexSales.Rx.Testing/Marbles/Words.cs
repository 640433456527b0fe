using System.Text.Json;

namespace CodexSales.Rx.Testing.Marbles;

/// <summary>Names as specifications write them.</summary>
internal static class Words
{
    /// <summary>The name of a value with a small first letter: "reservationsFull".</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
