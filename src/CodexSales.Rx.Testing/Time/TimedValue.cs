namespace CodexSales.Rx.Testing.Time;

/// <summary>A value and when it came.</summary>
/// <param name="At">How far the clock had been moved: <see cref="VirtualTime.Elapsed"/>.</param>
/// <param name="Value">The value.</param>
/// <typeparam name="T">What is recorded.</typeparam>
public readonly record struct TimedValue<T>(TimeSpan At, T Value);
