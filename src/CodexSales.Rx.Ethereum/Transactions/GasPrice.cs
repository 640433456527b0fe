namespace CodexSales.Rx.Ethereum.Transactions;

/// <summary>What gas cost when it was asked for last. All in wei for a unit of gas.</summary>
/// <param name="Block">The newest block then.</param>
/// <param name="BaseFee">The base fee of the block after it; 0 on a chain that has none.</param>
/// <param name="MaxFee">The most that is offered, within the limit of the options.</param>
/// <param name="PriorityFee">What of it is offered to the block's maker; 0 on a chain without a base fee.</param>
public sealed record GasPrice(ulong Block, UInt256 BaseFee, UInt256 MaxFee, UInt256 PriorityFee);
