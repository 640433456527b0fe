using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What becomes of transactions after they were sent.</summary>
public sealed class TransactionWatchingTests : TransactionTests
{
    [Fact]
    public void A_transaction_that_the_pool_dropped_is_sent_again()
    {
        var reply = _bench.Send(1);
        Node.DropPool();

        _bench.Mine(3);

        TransactionBench.Landed(reply);
        Assert.Single(Node.Sends.DistinctBy(asked => Replies.ParametersOf(asked).GetRawText()));
    }

    [Fact]
    public void A_transaction_is_sent_again_also_when_no_block_comes()
    {
        _bench.Send(1);
        Node.DropPool();

        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(40));

        Assert.Single(Node.Pool);
    }

    [Fact]
    public void A_transaction_in_no_block_is_in_doubt_after_a_while_and_may_land_all_the_same()
    {
        Node.BaseFee = 1_000_000_000_000;
        Node.Instead = asked => asked.Method == "eth_feeHistory" ? Replies.Result("{}")
            : asked.Method == "eth_gasPrice" ? Replies.Text("0x12a05f200") : null;
        var reply = _bench.Send(1);
        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(6));

        Assert.IsType<TransactionInDoubt>(TransactionBench.Outcome(reply));
        Node.BaseFee = 1;
        _bench.Mine();
        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Equal(TransactionNoticeKind.Landed, _bench.NoticeKinds.Last());
    }

    [Fact]
    public async Task The_same_wish_joins_what_is_in_flight()
    {
        var first = _bench.Send(1);
        var second = _bench.Send(1);
        var third = _bench.Send(1);

        _bench.Mine();

        TransactionBench.Landed(first);
        TransactionBench.Landed(second);
        Assert.True((await third).HasJoined);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void The_same_wish_is_a_new_one_after_it_has_landed()
    {
        TransactionBench.Outcome(Land(1));
        Node.Revert = (_, _) => "0x424a04ab";

        Assert.Equal(MarketRefusal.ReservationNotAllowed, TransactionBench.Refused(_bench.Send(1)).Reason);
    }

    [Fact]
    public void What_is_asked_for_again_with_other_arguments_replaces_with_those()
    {
        var purpose = TransactionBench.Reserve(1);
        var reply = _bench.Send(1, purpose);
        Node.BaseFee = 23_000_000_000;
        _bench.Send(2, purpose);

        _bench.Mine(2);

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 2)], _bench.Mined);
    }

    // The block before, then its own.
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void A_transaction_that_was_reverted_is_explained_by_replaying_it(int blocksAfter)
    {
        var reply = _bench.Send(1);
        var block = $"0x{(int)Node.Head.Number + 1 + blocksAfter:x}";
        Node.Revert = (_, at) => at == block ? "0xff556acf" : null;

        _bench.Mine();

        var refused = TransactionBench.Refused(reply);
        Assert.Equal(MarketRefusal.SlotNotFree, refused.Reason);
        Assert.Contains("was reverted in block 101: replayed, it reverts with Marketplace_SlotNotFree",
            refused.Detail, StringComparison.Ordinal);
        Assert.Equal(TransactionNoticeKind.Reverted, _bench.NoticeKinds.Last());
    }

    [Fact]
    public void A_transaction_that_used_all_its_gas_ran_out_of_it()
    {
        var reply = _bench.Send(1);
        Node.Instead = asked => asked.Method == "eth_getTransactionReceipt" && Node.Head.Number > 100
            ? Replies.Result(
                $$"""
                {"blockNumber":"0x65","blockHash":"{{Node.Head.Hash}}","status":"0x0","gasUsed":"0x1e848","logs":[]}
                """)
            : null;

        _bench.Mine();

        Assert.Contains("it ran out of gas", TransactionBench.NotSent(reply).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transaction_that_a_reorganisation_took_back_is_sent_again()
    {
        TransactionBench.Landed(Land(1));
        Node.TakeBack(1, isKept: false);
        Node.Mine();
        _bench.Settle();
        Assert.Contains(TransactionNoticeKind.Reorganised, _bench.NoticeKinds);

        _bench.Mine();

        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Equal(TransactionNoticeKind.Landed, _bench.NoticeKinds.Last());
        Assert.Single(Node.Sends.DistinctBy(asked => Replies.ParametersOf(asked).GetRawText()));
    }

    [Fact]
    public void A_wish_joins_a_transaction_that_a_reorganisation_took_back()
    {
        TransactionBench.Landed(Land(1));
        Node.TakeBack(1, isKept: false);
        Node.Mine();
        _bench.Settle();

        var again = Land(1);

        TransactionBench.Landed(again);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_receipt_in_another_block_after_a_reorganisation_counts_anew()
    {
        TransactionBench.Landed(Land(1));
        Node.TakeBack(1);
        Node.Revert = (_, block) => block == "0x64" ? "0xff556acf" : null;
        Node.Mine();
        _bench.Settle();

        Assert.Equal(TransactionNoticeKind.Reverted, _bench.NoticeKinds.Last());
    }

    [Fact]
    public void A_transaction_is_watched_until_it_is_twelve_blocks_deep()
    {
        Land(1);
        _bench.Mine(11);
        Assert.Single(_bench.Journal.Open);

        _bench.Mine();

        var end = _bench.Journal[0].End;
        Assert.Equal((TransactionEndKind.Landed, 101UL), (end?.Kind, end?.BlockNumber));
        Assert.Equal(50_000_000_000_000UL, end?.SpentWei);
        var asked = Node.Asked.Count;
        _bench.Mine(3);
        Assert.Equal(asked, Node.Asked.Count);
    }

    // A balanced node: its count of transactions is ahead of its receipts.
    [Fact]
    public void A_nonce_that_was_used_by_nothing_known_is_never_sent_under_another()
    {
        var reply = _bench.Send(1);
        Node.Instead = asked => asked.Method == "eth_getTransactionReceipt" ? Replies.Null : null;
        _bench.Mine(3);
        Node.Instead = _ => null;

        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_node_that_does_not_answer_about_receipts_takes_nothing_back()
    {
        Land(1);
        Node.Instead = asked => asked.Method == "eth_getTransactionReceipt" ? Replies.Error(429, "slow down") : null;

        _bench.Mine(2);

        Assert.DoesNotContain(TransactionNoticeKind.Reorganised, _bench.NoticeKinds);
    }

    [Fact]
    public void What_is_in_flight_is_looked_for_in_one_message_for_each_block()
    {
        _bench.Send(1);
        _bench.Send(2);
        var before = Node.Asked.Count;

        _bench.Mine();

        Assert.Equal(
            ["eth_getTransactionCount", "eth_getTransactionReceipt", "eth_getTransactionReceipt"],
            Node.Asked.Skip(before).Take(3).Select(asked => asked.Method));
        Assert.Equal(1, Node.Asked.Skip(before).Count(asked => asked.Method == "eth_getTransactionCount"));
    }

    [Fact]
    public void Who_waits_when_the_manager_is_disposed_is_told_of_the_doubt()
    {
        var reply = _bench.Send(1);

        _bench.Manager.Dispose();
        _bench.Manager.Dispose();
        _bench.Settle();

        Assert.IsType<TransactionInDoubt>(TransactionBench.Outcome(reply));
        Assert.True(_bench.Send(2).IsCanceled);
        _bench.Time.AdvanceBy(TimeSpan.FromHours(1));
        Assert.Equal(0, _bench.Time.PendingCount);
    }

    private Task<TransactionReply> Land(int what)
    {
        var reply = _bench.Send(what);
        _bench.Mine();
        return reply;
    }
}
