namespace CodexSales.Rx.Ethereum.Store;

/// <summary>How a transaction ended, once no reorganisation is expected to change it any more.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="At">When that was known, on the scheduler's clock.</param>
/// <param name="SpentWei">What it cost in fees, in wei; 0 unless it was mined.</param>
/// <param name="BlockNumber">The block that holds it; null unless it was mined.</param>
public sealed record TransactionEnd(TransactionEndKind Kind, DateTimeOffset At, UInt256 SpentWei, ulong? BlockNumber);
