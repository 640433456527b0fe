using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Tests of a lane on a fake node, in virtual time.</summary>
public abstract class LaneTests
{
    private protected const string Send = "eth_sendRawTransaction";

    private protected readonly LaneBench _bench = new();

    private protected FakeNode Node => _bench.Node;

    /// <summary>Whether a raw transaction that is sent is the one of that number.</summary>
    private protected static bool IsOf(RpcRequest sent, int what) => LaneBench.DataOf(sent)[^1] == what;
}
