using System.Text.Json;

namespace CodexSales.Rx.Testing.Marbles;

internal static class Words
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
