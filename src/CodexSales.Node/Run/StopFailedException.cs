namespace CodexSales.Node.Run;

/// <summary>The host did not come to rest. The message is for the operator.</summary>
internal sealed class StopFailedException(string sentence, Exception cause) : Exception(sentence, cause);
