using System.Text;

namespace CodexSales.Rx.Local.Hooks;

/// <summary>Bytes of a hook, as they are quoted in a sentence.</summary>
internal static class HookText
{
    public static string Of(ReadOnlySpan<byte> bytes) => Of(Encoding.UTF8.GetString(bytes));

    /// <summary>The text on one line, without anything that a terminal would obey.</summary>
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();

    public static string BeginningOf(ReadOnlySpan<byte> bytes, int length) =>
        bytes.Length <= length ? Of(bytes) : $"{Of(bytes[..length])}…";
}
