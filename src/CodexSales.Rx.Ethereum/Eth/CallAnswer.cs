namespace CodexSales.Rx.Ethereum.Eth;

/// <summary>What a contract answers to a call. The hierarchy is closed: the cases are those in this file.</summary>
internal abstract record CallAnswer;

internal sealed record CallReturned(ReadOnlyMemory<byte> Data) : CallAnswer;

internal sealed record CallReverted(ContractError Error) : CallAnswer;
