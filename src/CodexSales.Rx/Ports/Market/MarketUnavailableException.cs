namespace CodexSales.Rx.Ports.Market;

/// <summary>The market could not be asked just now: ask again later. Nothing is known of the answer.</summary>
/// <param name="message">One sentence that says what was asked and what went wrong.</param>
/// <param name="inner">The error below, if any.</param>
public sealed class MarketUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
