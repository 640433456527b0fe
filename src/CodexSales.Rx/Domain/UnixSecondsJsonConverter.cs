using System.Text.Json;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>Reads and writes a moment as a JSON number of seconds; reads one in a string, too.</summary>
/// <remarks>The type names it itself; code that <c>System.Text.Json</c> generates needs to see it. Threading: immutable,
/// for any thread.</remarks>
public sealed class UnixSecondsJsonConverter : JsonConverter<UnixSeconds>
{
    private static readonly TextJsonConverter<UnixSeconds> Text = new();

    /// <inheritdoc/>
    /// <exception cref="JsonException">The value is no moment.</exception>
    public override UnixSeconds Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Text.Read(ref reader, typeToConvert, options);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, UnixSeconds value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteNumberValue(value.Value);
    }
}
