using System.Buffers;
using System.Text;

namespace CodexSales.Rx.Domain;

/// <summary>The name of an availability, chosen by the provider.</summary>
public readonly record struct AvailabilityId
{
    private const int MaxLength = 100;

    private readonly string? _value;

    /// <summary>Takes a name as it is; names that differ in case differ.</summary>
    /// <param name="value">From 1 to 100 characters; a character of two halves has both of them.</param>
    /// <exception cref="ArgumentException">The name is empty, too long, or no Unicode text.</exception>
    public AvailabilityId(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        if (value.Length > MaxLength)
        {
            throw new ArgumentException(
                $"An availability's name has at most {MaxLength} characters, but there are {value.Length}.",
                nameof(value));
        }

        // Written as UTF-8, to a file or to a client, every half would become the same character.
        if (HasHalfCharacter(value))
        {
            throw new ArgumentException("An availability's name is Unicode text without half characters.", nameof(value));
        }

        _value = value;
    }

    /// <summary>The name; empty for <c>default</c>, which names nothing.</summary>
    public override string ToString() => _value ?? "";

    private static bool HasHalfCharacter(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeFromUtf16(text, out _, out var length) == OperationStatus.Done)
        {
            text = text[length..];
        }

        return !text.IsEmpty;
    }
}
