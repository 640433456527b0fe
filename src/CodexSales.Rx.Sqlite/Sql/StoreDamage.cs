namespace CodexSales.Rx.Sqlite.Sql;

/// <summary>The damage of a store's file in whose place an empty one was begun.</summary>
/// <param name="Sentence">What was found, for people.</param>
/// <param name="SetAsideAs">Where the damaged file is kept, with its write-ahead log; null when it was gone.</param>
public sealed record StoreDamage(string Sentence, string? SetAsideAs);
