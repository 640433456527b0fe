using System.Text;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>Bytes of a hook, as they are quoted in a sentence.</summary>
internal static class HookText
{
    /// <summary>The text on one line, without anything that a terminal would obey.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Of(Encoding.UTF8.GetString(bytes));

    /// <summary>The text on one line, without anything that a terminal would obey.</summary>
    public static string Of(string text)
    {
        var plain = string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
        return plain.Trim();
    }

    /// <summary>The beginning of such a text.</summary>
    public static string BeginningOf(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length <= length ? Of(bytes) : $"{Of(bytes[..length])}…";
}
