namespace CodexSales.Rx.Ethereum.StartUp;

/// <summary>Why a host can't sell on a chain as it is set up.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Sentence">One sentence that says so, with the addresses and numbers.</param>
public sealed record ChainFault(ChainFaultKind Kind, string Sentence);
