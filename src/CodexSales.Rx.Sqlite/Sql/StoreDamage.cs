namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>What was wrong with the file of a store that was then begun with an empty one.</summary>
/// <param name="Sentence">What was found, for people.</param>
/// <param name="SetAsideAs">
/// The path under which the damaged file is kept, its write-ahead log beside it; null when the file was gone.
/// </param>
public sealed record StoreDamage(string Sentence, string? SetAsideAs);
