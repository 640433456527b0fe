using System.Text.Json;

namespace CodexSales.Rx.Web.Operator;

/// <summary>Cases as they stand in JSON: "reservationsFull".</summary>
internal static class Names
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
