namespace CodexSales.Rx.Domain;

/// <summary>What the values that are one piece of text have in common: they have one form, in every culture.</summary>
internal static class TextForm
{
    /// <summary>The text, if no format is asked for that it does not have.</summary>
    /// <exception cref="FormatException">A format other than "G" is named.</exception>
    public static string OnlyGeneral(ReadOnlySpan<char> format, string text)
    {
        ThrowUnlessGeneral(format);
        return text;
    }

    /// <exception cref="FormatException">A format other than "G" is named.</exception>
    public static void ThrowUnlessGeneral(ReadOnlySpan<char> format)
    {
        if (format is not ("" or "G" or "g"))
        {
            throw new FormatException($"The format '{format}' is not known; \"G\" or none is expected.");
        }
    }
}
