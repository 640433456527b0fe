namespace CodexSales.Rx.Ethereum.Intake;

/// <summary>The told events can't be made good: another chain, or a reorganisation too deep to take back.</summary>
/// <param name="message">One sentence that says what was found.</param>
public sealed class ChainUntrustedException(string message) : Exception(message);
