namespace CodexSales.Node.Replay;

/// <summary>A recorded file is not what it should be. The message is one sentence for the person who gave the file.</summary>
/// <param name="path">The file.</param>
/// <param name="sentence">Why it is not.</param>
/// <param name="line">The line, counted from 1; null for the whole file.</param>
internal sealed class ReplayInputException(string path, string sentence, long? line = null)
    : FormatException(line is null ? $"{path}: {sentence}" : $"{path}, line {line}: {sentence}");
