namespace CodexSales.Rx.Simulation;

/// <summary>Something happened that never should.</summary>
/// <param name="At">How long after the start.</param>
/// <param name="Check">Which check saw it.</param>
/// <param name="Message">What it saw.</param>
internal sealed record Violation(TimeSpan At, string Check, string Message);
