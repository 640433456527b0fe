namespace CodexSales.Rx.Testing.Marbles;

/// <summary>A part of a line that knows where it stands (both from 1), so that every complaint can say it.</summary>
internal readonly record struct Fragment(string File, int Line, int Column, string Text)
{
    public bool IsEmpty => Text.Length == 0;

    public Fragment From(int start) => this with { Column = Column + start, Text = Text[start..] };

    public Fragment Slice(int start, int length) =>
        this with { Column = Column + start, Text = Text.Substring(start, length) };

    public Fragment Trim()
    {
        var start = Text.Length - Text.TrimStart(' ').Length;
        return From(start) with { Text = Text.Trim(' ') };
    }

    /// <summary>The parts between separators, each without the spaces around it.</summary>
    public IEnumerable<Fragment> Split(char separator)
    {
        var start = 0;
        foreach (var part in Text.Split(separator))
        {
            yield return Slice(start, part.Length).Trim();
            start += part.Length + 1;
        }
    }

    public IReadOnlyList<Fragment> Words() => [.. Split(' ').Where(word => !word.IsEmpty)];

    /// <summary>The first word, and what follows it.</summary>
    public (Fragment Word, Fragment Tail) FirstWord()
    {
        var end = Text.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? (this, From(Text.Length)) : (Slice(0, end), From(end).Trim());
    }

    /// <summary>The parts before and after the first separator; null when there is none.</summary>
    public (Fragment Left, Fragment Right)? Cut(char separator)
    {
        var at = Text.IndexOf(separator, StringComparison.Ordinal);
        return at < 0 ? null : (Slice(0, at).Trim(), From(at + 1).Trim());
    }

    public void ThrowIf(bool isWrong, string complaint, int offset = 0)
    {
        if (isWrong)
        {
            throw Error(complaint, offset);
        }
    }

    public MarbleFormatException Error(string complaint, int offset = 0) => new(File, Line, Column + offset, complaint);
}
