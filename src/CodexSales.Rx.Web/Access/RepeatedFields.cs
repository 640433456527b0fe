using System.Text.Json;

namespace CodexSales.Rx.Web.Access;

/// <summary>A field that a body has twice: nobody knows which one is meant.</summary>
internal static class RepeatedFields
{
    /// <summary>The sentence about the first one of an object; null where each is there once.</summary>
    public static (string Name, string Sentence)? Find(JsonElement body)
    {
        var seen = new HashSet<string>();
        return body.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => !seen.Add(name)) is { } twice
            ? (twice, $"{twice} is given twice, but each field is expected once.")
            : null;
    }
}
