namespace CodexSales.Rx.Testing.Ports;

/// <summary>Something breaks a contract that it should keep. It is a bug, and a test should fail with it.</summary>
/// <param name="message">What was broken, and how.</param>
public sealed class ContractViolationException(string message) : InvalidOperationException(message)
{
    /// <summary>The rules of a port that are broken; none where something else than a port was checked.</summary>
    public IReadOnlyList<PortViolation> Violations { get; init; } = [];
}
