namespace CodexSales.Rx.Ethereum.LocalKey;

/// <summary>A key file can't be used.</summary>
/// <param name="message">Why, in one sentence that names the file and nothing secret.</param>
/// <param name="inner">What went wrong below, if anything.</param>
public sealed class KeyFileException(string message, Exception? inner = null) : Exception(message, inner);
