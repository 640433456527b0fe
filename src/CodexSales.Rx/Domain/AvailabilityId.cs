using System.Buffers;
using System.ComponentModel;
using System.Text;
using System.Text.Json.Serialization;

namespace CodexSales.Rx.Domain;

/// <summary>The name of an availability, chosen by the provider.</summary>
[TypeConverter(typeof(TextTypeConverter<AvailabilityId>))]
[JsonConverter(typeof(TextJsonConverter<AvailabilityId>))]
public readonly record struct AvailabilityId : ITextForm<AvailabilityId>
{
    private const int MaxLength = 100;

    private readonly string? _value;

    /// <summary>Takes a name as it is; names that differ in case differ.</summary>
    /// <param name="value">From 1 to 100 characters; a character of two halves has both of them.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, or no Unicode text.</exception>
    public AvailabilityId(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        if (WhyNot(value) is { } why)
        {
            throw new ArgumentException(why, nameof(value));
        }

        _value = value;
    }

    /// <summary>Takes a name as it is.</summary>
    /// <exception cref="FormatException">It is no name of an availability.</exception>
    public static AvailabilityId Parse(ReadOnlySpan<char> text) =>
        WhyNot(text) is { } why ? throw new FormatException(why) : new AvailabilityId(text.ToString());

    /// <summary>Takes a name as it is; false when it is no name of an availability.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AvailabilityId id)
    {
        var isName = WhyNot(text) is null;
        id = isName ? new AvailabilityId(text.ToString()) : default;
        return isName;
    }

    /// <summary>Writes the text; false, and nothing, where there is no room for it.</summary>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        var fits = _value.AsSpan().TryCopyTo(destination);
        charsWritten = fits ? _value?.Length ?? 0 : 0;
        return fits;
    }

    /// <summary>The name; empty for <c>default</c>, which names nothing.</summary>
    public override string ToString() => _value ?? "";

    private static string? WhyNot(ReadOnlySpan<char> text) =>
        text.IsWhiteSpace() ? "An availability's name is not empty."
        : text.Length > MaxLength ? $"An availability's name has at most {MaxLength} characters, but there are {text.Length}."
        : HasHalfCharacter(text) ? "An availability's name is Unicode text without half characters."
        : null;

    // Written as UTF-8, to a file or to a client, every half would become the same character.
    private static bool HasHalfCharacter(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeFromUtf16(text, out _, out var length) == OperationStatus.Done)
        {
            text = text[length..];
        }

        return !text.IsEmpty;
    }
}
