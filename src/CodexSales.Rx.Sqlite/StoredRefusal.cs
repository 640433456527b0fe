namespace CodexSales.Rx.Sqlite;

/// <summary>A refusal that is remembered. Immutable.</summary>
/// <param name="Number">Its number: the higher, the later it was noted.</param>
/// <param name="Refusal">What was refused, and why.</param>
public sealed record StoredRefusal(long Number, Refusal Refusal);
