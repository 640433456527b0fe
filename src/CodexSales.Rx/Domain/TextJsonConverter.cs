using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>
/// Reads and writes a value of this library as a JSON string: an amount in decimal digits, an id in hexadecimal ones. Any
/// other text is an error, and never 0.
/// </summary>
/// <remarks>
/// The types name it themselves; code that <c>System.Text.Json</c> generates needs to see it. Also for names of properties. A
/// JSON number is read, too, where the type reads its digits; none is written, since most readers of JSON keep 53 bits.
/// Threading: immutable, for any thread.
/// </remarks>
public sealed class TextJsonConverter<T> : JsonConverter<T>
    where T : ISpanParsable<T>
{
    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is none of the type.</exception>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String => Parse(reader.GetString()!),
        JsonTokenType.Number => Parse(DigitsOf(ref reader)),
        var other => throw new JsonException($"A string is expected, but there is {other}."),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteStringValue(value.ToString());
    }

    /// <inheritdoc/>
    /// <exception cref="JsonException">The name is no value of the type.</exception>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Parse(reader.GetString()!);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(
        Utf8JsonWriter writer, [DisallowNull] T value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WritePropertyName(value.ToString()!);
    }

    private static string DigitsOf(ref Utf8JsonReader reader)
    {
        using var number = JsonDocument.ParseValue(ref reader);
        return number.RootElement.GetRawText();
    }

    private static T Parse(string text)
    {
        try
        {
            return T.Parse(text, null);
        }
        catch (FormatException unreadable)
        {
            throw new JsonException(unreadable.Message, unreadable);
        }
    }
}
