using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Node.Replay;

/// <summary>A file of recorded logs, one JSON-RPC log object a line, in the order of the chain.</summary>
internal sealed class LogCursor : IDisposable
{
    private readonly TextLines _lines;

    /// <summary>Opens the file and goes to its first log.</summary>
    public LogCursor(string path)
    {
        _lines = new TextLines(path, "a JSON-RPC log object");
        MoveNext();
    }

    /// <summary>The position of the current log, or null past the last one.</summary>
    public LogPosition? Current { get; private set; }

    public void MoveNext()
    {
        var previous = Current;
        Current = _lines.MoveNext() ? LogPosition.Of(Read()) : null;
        if (previous is { } before && Current is { } now)
        {
            CheckOrder(before, now);
        }
    }

    /// <summary>The current log. Good until <see cref="MoveNext"/>.</summary>
    public LogEntry Read()
    {
        if (!LogEntry.TryRead(_lines.Line.Span, out var log, out var problem))
        {
            throw Error($"a JSON-RPC log object is expected, but {problem}");
        }

        return log.IsRemoved
            ? throw Error("a log of the final chain is expected, but a reorganisation removed this one.")
            : log;
    }

    public ReplayInputException Error(string sentence) => _lines.Error(sentence);

    public void Dispose() => _lines.Dispose();

    private void CheckOrder(LogPosition before, LogPosition now)
    {
        var number = now.BlockNumber;
        var problem = number < before.BlockNumber
                ? $"a log of block {before.BlockNumber} or later is expected, but this one is of block {number}."
            : number > before.BlockNumber ? null
            : now.BlockHash != before.BlockHash
                ? $"block {number} is expected to have the hash {before.BlockHash}, but this log says {now.BlockHash}."
            : now.LogIndex <= before.LogIndex
                ? $"a log index over {before.LogIndex} is expected in block {number}, but this one is {now.LogIndex}."
            : null;
        if (problem is not null)
        {
            throw Error(problem);
        }
    }
}
