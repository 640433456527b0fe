namespace CodexSales.Rx.Domain;

/// <summary>A value that is one piece of text, in every culture the same: the members that .NET wants beside reading and
/// writing it.</summary>
internal interface ITextForm<T> : ISpanParsable<T>, ISpanFormattable
    where T : ITextForm<T>
{
    static abstract T Parse(ReadOnlySpan<char> text);

    static abstract bool TryParse(ReadOnlySpan<char> text, out T value);

    bool TryFormat(Span<char> destination, out int charsWritten);

    static T IParsable<T>.Parse(string s, IFormatProvider? provider) => T.Parse(s);

    static T ISpanParsable<T>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => T.Parse(s);

    static bool IParsable<T>.TryParse(string? s, IFormatProvider? provider, out T result) => T.TryParse(s, out result);

    static bool ISpanParsable<T>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out T result) =>
        T.TryParse(s, out result);

    string IFormattable.ToString(string? format, IFormatProvider? formatProvider)
    {
        ThrowUnlessGeneral(format);
        return ToString()!;
    }

    bool ISpanFormattable.TryFormat(
        Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        ThrowUnlessGeneral(format);
        return TryFormat(destination, out charsWritten);
    }

    private static void ThrowUnlessGeneral(ReadOnlySpan<char> format)
    {
        if (format is not ("" or "G" or "g"))
        {
            throw new FormatException($"The format '{format}' is not known; \"G\" or none is expected.");
        }
    }
}
