namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>Makes a node's words fit to be logged, stored and shown: one line, not long, nothing invisible.</summary>
internal static class NodeText
{
    public const int Longest = 500;

    /// <summary>The text on one line: anything but a letter, digit, sign or space becomes a space.</summary>
    public static string Clean(string text)
    {
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest)
            {
                return clean.Append('…').ToString();
            }

            clean.Append(IsPlain(rune) ? rune.ToString() : " ");
        }

        return clean.ToString();
    }

    // Other characters move the cursor, turn the direction of writing, or can't be seen.
    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
