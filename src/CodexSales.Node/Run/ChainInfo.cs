namespace CodexSales.Node.Run;

/// <summary>The facts of the chain that are found before anything is sold.</summary>
/// <param name="LongestRequest">The longest that a request may last, and so how far back to read.</param>
internal sealed record ChainInfo(ulong Id, TimeSpan LongestRequest);
