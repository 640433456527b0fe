namespace CodexSales.Rx.Hosting.Chain;

/// <summary>A node of the chain, and how the way to it is. Immutable.</summary>
/// <param name="Name">Its name, without what is secret of its address.</param>
/// <param name="IsAsked">Whether it is the one that is asked now.</param>
/// <param name="Connections">How often it was connected to.</param>
/// <param name="Problem">What is wrong, in a sentence; null where nothing is.</param>
public sealed record ChainEndpoint(string Name, bool IsAsked, long Connections, string? Problem);
