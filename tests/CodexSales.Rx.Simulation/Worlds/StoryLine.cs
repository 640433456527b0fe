using System.Runtime.CompilerServices;

namespace CodexSales.Rx.Simulation.Worlds;

/// <summary>A line of a story, which is put together only where the story is told.</summary>
[InterpolatedStringHandler]
internal ref struct StoryLine
{
    private DefaultInterpolatedStringHandler _text;

    public StoryLine(int literalLength, int formattedCount, Story story, out bool isTold)
    {
        isTold = story.IsTold;
        _text = isTold ? new DefaultInterpolatedStringHandler(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public void AppendFormatted<T>(T value, string format) => _text.AppendFormatted(value, format);

    /// <summary>The line. Only once.</summary>
    public string Take() => _text.ToStringAndClear();
}
