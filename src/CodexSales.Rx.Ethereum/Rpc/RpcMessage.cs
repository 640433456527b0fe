namespace CodexSales.Rx.Ethereum.Rpc;

/// <summary>One message of a node. The hierarchy is closed: the cases are those in this file.</summary>
internal abstract record RpcMessage;

internal sealed record RpcAnswer(long Id, RpcReply Reply) : RpcMessage;

internal sealed record RpcNotification(string Subscription, ReadOnlyMemory<byte> Json) : RpcMessage;

/// <summary>An error that does not say which question it answers.</summary>
internal sealed record RpcStrayError(RpcError Error) : RpcMessage;

/// <summary>Something that is no message of the protocol.</summary>
internal sealed record RpcGarbage(string Problem) : RpcMessage;
