namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>What was wrong with the file of a store that was then begun with an empty one.</summary>
/// <param name="Sentence">What was found, for people.</param>
/// <param name="SetAsideAs">Where the damaged file is kept, with its write-ahead log; null when it was gone.</param>
public sealed record StoreDamage(string Sentence, string? SetAsideAs);
