namespace CodexSales.Node.Replay;

/// <summary>
/// A recorded file is not what it should be. The message is one sentence for the person who gave the file.
/// </summary>
internal sealed class ReplayInputException : FormatException
{
    /// <summary>Names the file.</summary>
    public ReplayInputException(string path, string sentence)
        : base($"{path}: {sentence}")
    {
    }

    /// <summary>Names the file and the line, counted from 1.</summary>
    public ReplayInputException(string path, long line, string sentence)
        : base($"{path}, line {line}: {sentence}")
    {
    }
}
