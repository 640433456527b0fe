namespace CodexSales.Rx.Testing.Marbles;

/// <summary>A marble specification is not written as it should be.</summary>
/// <param name="file">The file's name.</param>
/// <param name="line">The line, from 1.</param>
/// <param name="column">The column of the text, from 1.</param>
/// <param name="complaint">One sentence that says what is there and what was expected.</param>
public sealed class MarbleFormatException(string file, int line, int column, string complaint)
    : FormatException($"{file}({line},{column}): {complaint}")
{
    /// <summary>The line, from 1.</summary>
    public int Line => line;

    /// <summary>The column of the text, from 1.</summary>
    public int Column => column;
}
