using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>A manager of transactions whose transactions the node signs.</summary>
public sealed class NodeAccountTransactionTests
{
    private const string Send = "eth_sendTransaction";

    private readonly TransactionBench _bench = new(signer: node => new NodeAccountSigner(node, TransactionBench.Account));

    private FakeNode Node => _bench.Node;

    [Fact]
    public void The_node_is_told_every_part_of_the_transaction()
    {
        var reply = _bench.Send(1);

        Assert.Equal(
            """
            [{"from":"0x70997970c51812dc3a010c7d01b50e0d17dc79c8","to":"0x9fe46736679d2d9a65f0992f2272de9f3c7fa6e0",
            "gas":"0x1e848","value":"0x0","nonce":"0x0","data":"0x1282760201","chainId":"0x7a69",
            "maxFeePerGas":"0x51f4d5c00","maxPriorityFeePerGas":"0x77359400"}]
            """.ReplaceLineEndings(""),
            Replies.ParametersOf(Assert.Single(Node.Sends)).GetRawText());
        _bench.Mine();
        TransactionBench.Landed(reply);
    }

    [Fact]
    public void The_hash_that_the_node_answers_with_is_noted()
    {
        _bench.Send(1);

        var attempt = Assert.Single(_bench.Journal[0].Attempts);
        Assert.Equal(Node.Pool.Single().Hash, attempt.Hash);
        Assert.Empty(attempt.Signed);
    }

    [Fact]
    public void A_transaction_whose_hash_was_lost_is_found_by_its_nonce()
    {
        Node.Afterwards = asked => asked.Method == Send ? new RpcNoAnswer("Lost.", MayHaveArrived: true) : null;
        var reply = _bench.Send(1);
        _bench.Mine(2);

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_transaction_whose_hash_was_lost_before_a_restart_is_found_by_its_nonce()
    {
        Node.Afterwards = asked => asked.Method == Send ? new RpcNoAnswer("Lost.", MayHaveArrived: true) : null;
        _bench.Send(1);
        _bench.Manager.Dispose();
        _bench.Mine(3);
        _bench.Restart();
        _bench.Mine();

        Assert.Equal(TransactionNoticeKind.Landed, _bench.NoticeKinds.Last());
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }
}
