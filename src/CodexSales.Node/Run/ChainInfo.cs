namespace CodexSales.Node.Run;

/// <summary>What was found of the chain before anything is sold.</summary>
/// <param name="Id">Its number.</param>
/// <param name="LongestRequest">The longest that a request of the contract may last: how far back to read.</param>
internal sealed record ChainInfo(ulong Id, TimeSpan LongestRequest);
