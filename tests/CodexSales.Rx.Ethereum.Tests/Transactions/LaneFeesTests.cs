using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What a transaction may cost, and how that is said on chains of either kind.</summary>
public sealed class LaneFeesTests
{
    private readonly LaneBench _bench = new();

    private FakeNode Node => _bench.Node;

    [Fact]
    public void On_a_chain_without_a_base_fee_it_is_a_legacy_transaction_also_when_it_is_replaced()
    {
        Node.Instead = asked => asked.Method == "eth_feeHistory" ? Replies.Error(-32601, "the method does not exist")
            : asked.Method == "eth_gasPrice" ? Replies.Text("0x12a05f200") : null;
        Node.BaseFee = 5_100_000_000;
        var reply = _bench.Send(1);
        Assert.Equal(new LegacyFees(5_000_000_000), Assert.Single(Node.Pool).Transaction.Fees);

        _bench.Mine(6);
        Assert.Equal(new LegacyFees(5_625_000_000), Assert.Single(Node.Pool).Transaction.Fees);
        _bench.Mine();

        LaneBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void What_could_cost_more_than_the_limit_is_not_sent_and_uses_no_nonce()
    {
        var bench = new LaneBench(new TransactionOptions { MostWeiPerTransaction = 2_700_000_000_000_000 });

        var refused = LaneBench.NotSent(bench.Send(1));

        Assert.EndsWith(
            " was not sent. It could cost 2750000000000000 wei, and the limit for one transaction is 2700000000000000.",
            refused.Detail,
            StringComparison.Ordinal);
        Assert.Empty(bench.Node.Sends);
        bench.Node.BaseFee = 9_000_000_000;
        bench.Mine();
        bench.Send(2);
        Assert.Equal(0UL, Assert.Single(bench.Node.Pool).Transaction.Nonce);
    }
}
