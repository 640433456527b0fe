namespace CodexSales.Node.Run;

/// <summary>It can't run with the options that it was given. The message is one sentence for the person who gave them.</summary>
internal sealed class CannotRunException(string sentence, Exception? cause = null) : Exception(sentence, cause);
