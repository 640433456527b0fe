namespace CodexSales.Rx.Testing;

/// <summary>A value and when it came.</summary>
/// <param name="At">How long after <see cref="VirtualTime.Start"/>.</param>
/// <param name="Value">The value.</param>
/// <typeparam name="T">What is recorded.</typeparam>
public readonly record struct Recorded<T>(TimeSpan At, T Value);
