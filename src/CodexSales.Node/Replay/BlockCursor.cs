using CodexSales.Rx.Ethereum.Eth;

namespace CodexSales.Node.Replay;

/// <summary>A file of recorded blocks, one JSON-RPC block object a line, in the order of their heights.</summary>
internal sealed class BlockCursor : IDisposable
{
    private readonly TextLines _lines;

    /// <summary>Opens the file and goes to its first block.</summary>
    public BlockCursor(string path)
    {
        _lines = new TextLines(path, "a block object");
        MoveNext();
    }

    public string Path => _lines.Path;

    /// <summary>The current block, or null past the last one.</summary>
    public BlockStamp? Current { get; private set; }

    public void MoveNext()
    {
        var previous = Current;
        if (!_lines.MoveNext())
        {
            Current = null;
            return;
        }

        if (!BlockHeader.TryRead(_lines.Line.Span, out var block, out var problem))
        {
            throw _lines.Error($"a block object is expected, but {problem}");
        }

        if (block.Number <= previous?.Number)
        {
            throw _lines.Error($"a block after {previous.Value.Number} is expected, but this one is {block.Number}.");
        }

        Current = block;
    }

    public ReplayInputException Error(string sentence) => _lines.Error(sentence);

    public void Dispose() => _lines.Dispose();
}
