using CodexSales.Rx.Ethereum.Rpc;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Tests of a manager of transactions on a fake node, in virtual time.</summary>
public abstract class TransactionTests
{
    private protected const string Send = "eth_sendRawTransaction";

    private protected readonly TransactionBench _bench = new();

    private protected FakeNode Node => _bench.Node;

    /// <summary>Whether a raw transaction that is sent is the one of that number.</summary>
    private protected static bool IsOf(RpcRequest sent, int what) => TransactionBench.DataOf(sent)[^1] == what;
}
