namespace CodexSales.Rx.Testing;

/// <summary>Something breaks a contract that it should keep. It is a bug, and a test should fail with it.</summary>
/// <param name="message">What was broken, and how.</param>
public sealed class ContractViolationException(string message) : InvalidOperationException(message);
