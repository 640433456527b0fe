using System.Text.Json;
using Newtonsoft.Json;

namespace CodexSales.Rx.Nethereum.Rpc;

/// <summary>JSON as what every serializer of a client writes alike: texts, numbers, arrays and dictionaries.</summary>
internal static class PlainJson
{
    /// <summary>Reads an array in UTF-8.</summary>
    public static object?[] ReadArray(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateArray().Select(Read)];
    }

    /// <summary>Writes what a client made of an answer, which depends on its serializer, in UTF-8.</summary>
    public static ReadOnlyMemory<byte> Write(object? value) =>
        Encoding.UTF8.GetBytes(value is JsonElement element ? element.GetRawText() : JsonConvert.SerializeObject(value));

    private static object? Read(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array => value.EnumerateArray().Select(Read).ToArray(),
        JsonValueKind.Object => value.EnumerateObject().ToDictionary(property => property.Name, property => Read(property.Value)),
        JsonValueKind.Number => value.TryGetInt64(out var number) ? (object)number : value.GetDouble(),
        JsonValueKind.Null => null,
        _ => value.GetBoolean(),
    };
}
