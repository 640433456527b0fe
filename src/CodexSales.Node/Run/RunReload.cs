namespace CodexSales.Node.Run;

/// <summary>What "run" was told as it stands now.</summary>
/// <param name="Options">The options; null where something is wrong with them.</param>
/// <param name="Fault">What is wrong, in a sentence; null where nothing is.</param>
/// <param name="Untaken">The names of options that were changed, and are taken at the next start.</param>
internal sealed record RunReload(RunOptions? Options, string? Fault, ImmutableArray<string> Untaken);
