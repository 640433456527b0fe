using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Storing;

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

    // Twice the base fee is what it offers, so that it lands whatever the next blocks cost; it pays the base fee.
    [Theory]
    [InlineData(100)]
    [InlineData(140)]
    [InlineData(240)]
    public void A_fill_is_sent_as_long_as_gas_is_within_the_limit_that_the_operator_gave(ulong gwei)
    {
        var bench = new LaneBench(new TransactionOptions
        {
            MostFeePerGas = 500_000_000_000, MostWeiPerDay = UInt256.Parse("100000000000000000000"),
        });
        bench.Node.BaseFee = gwei * 1_000_000_000;
        bench.Node.Instead = asked => asked.Method == "eth_estimateGas" ? Replies.Text("0x5153c") : null;
        var reply = bench.Send(1, new TransactionPurpose(TransactionKind.FillSlot, null, null, 0));

        bench.Mine(3);

        LaneBench.Landed(reply);
    }
}
