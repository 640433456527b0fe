namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>
/// The events that were told can't be made good any more: another chain, or a reorganisation too deep to take back.
/// </summary>
/// <param name="message">One sentence that says what was found.</param>
public sealed class ChainUntrustedException(string message) : Exception(message);
