namespace CodexSales.Node.Run;

/// <summary>Something failed while it came to rest. The message is a sentence for the operator.</summary>
internal sealed class StopFailedException(Exception cause)
    : Exception($"Stopping failed: {cause.Message} What was on its way is looked after by the next run.", cause);
