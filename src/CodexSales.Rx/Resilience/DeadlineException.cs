namespace CodexSales.Rx.Resilience;

/// <summary>A deadline of the pipeline's own has passed. A port may throw a <see cref="TimeoutException"/> of its own:
/// that one says what went wrong there, and is an error like any other.</summary>
internal class DeadlineException(string message) : TimeoutException(message);
