using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What a transaction may cost, and how that is said on chains of either kind.</summary>
public sealed class TransactionFeesTests : TransactionTests
{
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

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void What_could_cost_more_than_the_limit_is_not_sent_and_uses_no_nonce()
    {
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = 1_500_000_000_000_000 });

        var refused = TransactionBench.NotSent(bench.Send(1, Fill));

        Assert.EndsWith(
            " was not sent. With it, 24 hours are likely to cost 0.0012 ether, and the limit is 0.0015 ether, of which new "
                + "slots get 0.001125 ether.",
            refused.Detail,
            StringComparison.Ordinal);
        Assert.Empty(bench.Node.Sends);
        bench.Node.BaseFee = 9_000_000_000;
        bench.Mine();
        bench.Send(2, Fill);
        Assert.Equal(0UL, Assert.Single(bench.Node.Pool).Transaction.Nonce);
    }

    [Fact]
    public void A_slot_is_not_reserved_that_the_limit_does_not_let_be_filled()
    {
        // A reservation is likely to cost 0.0012 ether now, and a fill with its approval four times as much.
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = 7_900_000_000_000_000 });

        var refused = TransactionBench.NotSent(bench.Send(1));

        Assert.EndsWith(
            "With it and the fill that it is for, 24 hours are likely to cost 0.006 ether, and the limit is 0.0079 ether, of "
                + "which new slots get 0.005925 ether.",
            refused.Detail,
            StringComparison.Ordinal);
        Assert.Empty(bench.Node.Sends);
    }

    [Fact]
    public void A_slot_is_not_reserved_that_the_account_can_not_fill()
    {
        var has = "0x2386f26fc10000"; // 0.01 ether
        Node.Instead = asked => asked.Method == "eth_getBalance" ? Replies.Text(has) : null;

        var reply = _bench.Send(1);
        _bench.Mine(7);

        Assert.EndsWith(
            "With it and the fill that it is for, 0.01375 ether could be needed, and the account has 0.01 ether.",
            TransactionBench.NotSent(reply).Detail,
            StringComparison.Ordinal);
        Assert.Empty(Node.Sends);
        has = "0x354a6ba7a18000"; // 0.015 ether
        reply = _bench.Send(1);
        _bench.Mine();
        TransactionBench.Landed(reply);
    }

    // Twice the base fee is what it offers, so that it lands whatever the next blocks cost; it pays the base fee.
    [Theory]
    [InlineData(100)]
    [InlineData(140)]
    [InlineData(240)]
    public void The_price_of_a_unit_of_gas_alone_decides_up_to_the_limit_of_a_day(ulong gwei)
    {
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = 100 * Ether });
        bench.Node.BaseFee = gwei * Gwei;
        bench.Node.Instead = asked => asked.Method == "eth_estimateGas" ? Replies.Text("0x5153c") : null;
        var reply = bench.Send(1, Fill);

        bench.Mine(3);

        TransactionBench.Landed(reply);
    }

    [Fact]
    public void The_tip_is_what_the_last_blocks_were_paid()
    {
        Answer(("eth_feeHistory", """{"baseFeePerGas":["0x7","0x7"],"reward":[["0x2faf080"]]}"""),
            ("eth_maxPriorityFeePerGas", "\"0x3b9aca00\""));

        Assert.Equal((UInt256)50_000_000, TipOf(_bench.Send(1)));
    }

    [Fact]
    public void The_tip_is_the_nodes_word_where_blocks_are_empty()
    {
        Answer(("eth_feeHistory", """{"baseFeePerGas":["0x7","0x7"],"reward":[["0x0"]]}"""),
            ("eth_maxPriorityFeePerGas", "\"0xf4240\""));

        Assert.Equal((UInt256)1_000_000, TipOf(_bench.Send(1)));
    }

    [Fact]
    public void A_tip_that_a_pool_finds_too_low_becomes_the_nodes_word()
    {
        var refusals = 1;
        Node.Instead = asked => asked.Method switch
        {
            "eth_feeHistory" => Replies.Result("""{"baseFeePerGas":["0x7","0x7"],"reward":[["0x1"]]}"""),
            "eth_maxPriorityFeePerGas" => Replies.Text("0x5d21dba00"),
            "eth_sendRawTransaction" when refusals-- > 0 => Replies.Error(
                -32000, "transaction underpriced: gas tip cap 1, minimum needed 25000000000"),
            _ => null,
        };

        Assert.Equal((UInt256)25_000_000_000, TipOf(_bench.Send(1)));
    }

    [Fact]
    public void What_is_written_to_the_chain_below_counts_into_the_limit()
    {
        // 512 bytes of it cost 0.01 ether; a transaction here takes about 200.
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = 3_000_000_000_000_000 });
        bench.Node.Instead = asked => IsOracle(asked) ? Word(10_000_000_000_000_000) : null;
        bench.Node.BaseFee = 1;

        var refused = TransactionBench.NotSent(bench.Send(1, Fill));
        bench.Node.Instead = asked => IsOracle(asked) ? Word(1_000_000_000_000) : null;
        bench.Mine();
        var reply = bench.Send(2, Fill);
        bench.Mine();

        Assert.Contains("24 hours are likely to cost 0.00", refused.Detail, StringComparison.Ordinal);
        TransactionBench.Landed(reply);
    }

    [Theory]
    [InlineData("0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", false)]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000", true)]
    [InlineData("0x", true)]
    public void A_price_for_data_is_what_the_oracle_says(string says, bool isSent)
    {
        Node.Instead = asked => IsOracle(asked) ? Replies.Text(says) : null;

        _bench.Send(1, Fill);

        Assert.Equal(isSent ? 1 : 0, Node.Pool.Count);
    }

    [Fact]
    public void A_chain_without_an_oracle_is_not_asked_for_it_at_each_block()
    {
        for (var count = 0; count < 20; count++)
        {
            _bench.Send(count + 1);
            _bench.Mine();
        }

        Assert.Equal(2, Node.Asked.Count(IsOracle));
    }

    // 50,000 gas: at 1 gwei and 0.1 ether for data; at the most that was offered, where the receipt names no price.
    [Theory]
    [InlineData(""" "effectiveGasPrice":"0x3b9aca00","l1Fee":"0x16345785d8a0000" """, 100_050_000_000_000_000)]
    [InlineData(""" "cumulativeGasUsed":"0xc350" """, 1_100_000_000_000_000)]
    public void What_a_receipt_says_was_paid_is_spent(string prices, ulong wei)
    {
        _bench.Send(1);
        _bench.Mine();
        var block = Node.Head.Hash;
        Node.Afterwards = asked => asked.Method == "eth_getTransactionReceipt"
            ? Replies.Result(
                $$"""
                {"blockNumber":"0x65","blockHash":"{{block}}","status":"0x1","gasUsed":"0xc350",{{prices}}}
                """)
            : null;
        _bench.Restart();

        _bench.Mine(16);

        Assert.Equal((UInt256)wei, _bench.Journal[0].End?.SpentWei);
    }

    private const ulong Gwei = 1_000_000_000;

    private static readonly UInt256 Ether = 1_000_000_000 * (UInt256)Gwei;

    private static TransactionPurpose Fill { get; } = TransactionBench.Reserve(1) with { Kind = TransactionKind.FillSlot };

    private static RpcResult Word(ulong value) => Replies.Text($"0x{value:x64}");

    private static bool IsOracle(RpcRequest asked) =>
        asked.Method == "eth_call" && Replies.CallDataOf(asked).StartsWith("0x49948e0e", StringComparison.Ordinal);

    private void Answer(params (string Method, string Json)[] answers) => Node.Instead = asked =>
        Array.Find(answers, answer => answer.Method == asked.Method) is { Json: { } json } ? Replies.Result(json) : null;

    private UInt256 TipOf(Task<TransactionReply> sent)
    {
        Assert.False(sent.IsCompleted);
        return Assert.IsType<DynamicFees>(Assert.Single(Node.Pool).Transaction.Fees).MaxPriorityFeePerGas;
    }
}
