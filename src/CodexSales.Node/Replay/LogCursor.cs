using CodexSales.Rx.Ethereum.Logs;

namespace CodexSales.Node.Replay;

/// <summary>Walks over a file of recorded logs, one JSON-RPC log object a line, in the order of the chain.</summary>
internal sealed class LogCursor : IDisposable
{
    private readonly TextLines _lines;

    /// <summary>Opens the file and goes to its first log.</summary>
    /// <exception cref="ReplayInputException">The file or its first line is not as expected.</exception>
    public LogCursor(string path)
    {
        _lines = new TextLines(path, "a JSON-RPC log object");
        MoveNext();
    }

    /// <summary>Where the current log stands in the chain, or null past the last one.</summary>
    public LogPosition? Current { get; private set; }

    /// <summary>Goes to the next log.</summary>
    /// <exception cref="ReplayInputException">The next line is not as expected.</exception>
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

    /// <summary>An error at the current log.</summary>
    public ReplayInputException Error(string sentence) => _lines.Error(sentence);

    public void Dispose() => _lines.Dispose();

    private void CheckOrder(LogPosition before, LogPosition now)
    {
        var number = now.BlockNumber;
        if (number < before.BlockNumber)
        {
            throw Error(
                $"a log of block {before.BlockNumber} or later is expected, but this one is of block {number}.");
        }

        if (number > before.BlockNumber)
        {
            return;
        }

        if (now.BlockHash != before.BlockHash)
        {
            throw Error(
                $"block {number} is expected to have the hash {before.BlockHash}, but this log says {now.BlockHash}.");
        }

        if (now.LogIndex <= before.LogIndex)
        {
            throw Error(
                $"a log index over {before.LogIndex} is expected in block {number}, but this one is {now.LogIndex}.");
        }
    }
}
