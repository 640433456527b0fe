using System.Text.Json;
using CodexSales.Rx.Caching;

namespace CodexSales.Node.Replay;

/// <summary>The words by which JSON lines name kinds, causes and reasons: "add", "reservationsFull".</summary>
internal static class JsonWords
{
    public static string Of(ChangeKind kind) => kind switch
    {
        ChangeKind.Added => "add",
        ChangeKind.Updated => "update",
        ChangeKind.Moved => "move",
        _ => "remove",
    };

    /// <summary>The name of a cause or reason in camel case.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Words<T>.All[value];

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> All =
            Enum.GetValues<T>().ToDictionary(
                value => value, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));
    }
}
