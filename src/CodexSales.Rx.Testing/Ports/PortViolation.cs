namespace CodexSales.Rx.Testing.Ports;

/// <summary>A rule that a port breaks.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Call">What was called.</param>
/// <param name="Seen">What came of it.</param>
public sealed record PortViolation(PortRule Rule, string Call, string Seen)
{
    /// <summary>The rule, the call and what was seen, in one line.</summary>
    public override string ToString() => $"{Rule}: {Call}: {Seen}";
}
