namespace CodexSales.Rx.Ethereum.Store;

/// <summary>A block by which a chain is known again.</summary>
/// <param name="Number">Its height.</param>
/// <param name="Hash">Its hash.</param>
public readonly record struct BlockCursor(ulong Number, Bytes32 Hash);
