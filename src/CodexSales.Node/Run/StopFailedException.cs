namespace CodexSales.Node.Run;

/// <summary>The host did not come to rest. The message is for the operator.</summary>
internal sealed class StopFailedException(string because, Exception? cause = null)
    : Exception($"Stopping failed: {because} The next run finds out what became of what was on its way.", cause);
