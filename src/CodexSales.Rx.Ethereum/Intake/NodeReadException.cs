namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The node can't be read just now, or contradicts itself: to be tried again.</summary>
#pragma warning disable CA1064 // It never leaves the intake, which catches it wherever it asks.
internal sealed class NodeReadException(string message, TimeSpan retryAfter = default) : Exception(message)
#pragma warning restore CA1064
{
    /// <summary>The time for which the node asks to be left alone.</summary>
    public TimeSpan RetryAfter => retryAfter;

    /// <summary>Whether the node did answer: then it, or a back end of it, lags, and knows more in a moment.</summary>
    public bool IsAnswered { get; init; } = true;

    /// <summary>Whether the node says that it has not, or not any more, the block of the question.</summary>
    public bool IsGone { get; init; }

    /// <summary>Whether blocks were replaced while they were read, so that others have to be read first.</summary>
    public bool IsReplaced { get; init; }
}
