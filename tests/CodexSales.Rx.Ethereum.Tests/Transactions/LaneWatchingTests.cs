using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Market;
using CodexSales.Rx.Storing;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What becomes of transactions after they were sent.</summary>
public sealed class LaneWatchingTests : LaneTests
{
    [Fact]
    public void A_transaction_that_is_stuck_is_replaced_by_a_dearer_one_of_its_nonce()
    {
        var reply = _bench.Send(1);
        Node.BaseFee = 23_000_000_000;
        _bench.Mine();

        var replacement = Assert.Single(Node.Pool).Transaction;
        Assert.Equal(0UL, replacement.Nonce);
        Assert.Equal(new DynamicFees(48_000_000_000, 2_250_000_000), replacement.Fees);
        _bench.Mine();
        LaneBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_transaction_that_nobody_takes_is_replaced_after_six_blocks_and_again()
    {
        Node.Instead = asked => asked.Method == Send && Node.Head.Number < 112 ? Replies.Text("0x12") : null;
        var reply = _bench.Send(1);

        _bench.Mine(14);

        LaneBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Equal(2, _bench.NoticeKinds.Count(kind => kind == TransactionNoticeKind.Replaced));
        Assert.Equal(
            [22_000_000_000, 24_750_000_000, 27_843_750_000],
            _bench.Journal[0].Attempts.Select(FeeOf));
    }

    [Fact]
    public void Any_of_the_attempts_may_land()
    {
        var reply = _bench.Send(1);
        var first = Node.Pool.Single();
        Node.BaseFee = 23_000_000_000;
        _bench.Mine();
        Node.BaseFee = 1_000_000_000;
        Node.DropPool();
        Node.Offer(first);

        _bench.Mine();

        LaneBench.Landed(reply);
        Assert.Equal(first.Hash, _bench.Notices[^1].Hash);
    }

    [Fact]
    public void Fees_are_raised_up_to_the_limit_and_no_further()
    {
        var bench = new LaneBench(new TransactionOptions { MostFeePerGas = 30_000_000_000 });
        var reply = bench.Send(1);
        bench.Node.BaseFee = 31_000_000_000;
        bench.Mine(20);

        Assert.All(bench.Journal[0].Attempts, attempt => Assert.InRange(FeeOf(attempt), 0, 30_000_000_000));
        Assert.Contains(bench.Notices, notice => notice.Kind == TransactionNoticeKind.Trouble
            && notice.Detail.Contains("at the limit of 30 gwei", StringComparison.Ordinal));
        bench.Node.BaseFee = 10_000_000_000;
        bench.Mine();
        Assert.Equal([(0UL, 1)], bench.Mined);
        Assert.True(reply.IsCompleted);
    }

    [Fact]
    public void A_node_that_wants_more_for_a_replacement_gets_more_later()
    {
        var reply = _bench.Send(1);
        Node.BaseFee = 23_000_000_000;
        var refusals = 1;
        Node.Instead = asked => asked.Method == Send && refusals-- > 0
            ? Replies.Error(-32000, "replacement transaction underpriced")
            : null;

        _bench.Mine(8);

        LaneBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_transaction_that_has_become_pointless_is_withdrawn_once_that_stands()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        var reply = _bench.Send(1);
        Node.Revert = (data, _) => data == "0x" ? null : "0xff556acf";
        _bench.Mine(11);
        Assert.Single(_bench.Journal[0].Attempts);
        Node.Instead = _ => null;

        _bench.Mine();
        Assert.True(_bench.Journal[0].Attempts[^1].IsWithdrawal);
        _bench.Mine();

        var withdrawal = Assert.Single(Node.Mined);
        Assert.Equal((LaneBench.Account, 0UL), (withdrawal.To, withdrawal.Nonce));
        Assert.Equal(0UL, withdrawal.Value);
        Assert.Empty(withdrawal.Data);
        var refused = LaneBench.Refused(reply);
        Assert.Equal(MarketRefusal.SlotNotFree, refused.Reason);
        Assert.Contains("was withdrawn", refused.Detail, StringComparison.Ordinal);
        _bench.Mine(12);
        Assert.Equal(TransactionEndKind.Withdrawn, _bench.Journal[0].End?.Kind);
    }

    // The blocks of before it was sent say nothing: there a request may be unknown, or a period another one.
    [Fact]
    public void What_would_revert_as_of_the_newest_block_alone_is_not_withdrawn()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        _bench.Send(1);
        Node.Revert = (data, block) => data != "0x" && block == "head" ? "0xff556acf" : null;

        _bench.Mine(30);
        (Node.Instead, Node.Revert) = (_ => null, (_, _) => null);
        _bench.Mine(2);

        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void Only_the_next_transaction_is_judged_by_the_newest_block()
    {
        _bench.Send(1);
        var second = _bench.Send(2);
        Node.BaseFee = 23_000_000_000;
        Node.Revert = (data, block) => data.EndsWith("02", StringComparison.Ordinal) && block == "head"
            && Node.NextNonce == 0
                ? "0xd651ce18"
                : null;

        _bench.Mine(2);

        LaneBench.Landed(second);
    }

    [Fact]
    public void A_transaction_that_the_pool_dropped_is_sent_again()
    {
        var reply = _bench.Send(1);
        Node.DropPool();

        _bench.Mine(3);

        LaneBench.Landed(reply);
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

        Assert.IsType<TransactionInDoubt>(LaneBench.Outcome(reply));
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

        LaneBench.Landed(first);
        LaneBench.Landed(second);
        Assert.True((await third).HasJoined);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void The_same_wish_is_a_new_one_after_it_has_landed()
    {
        LaneBench.Outcome(Land(1));
        Node.Revert = (_, _) => "0x424a04ab";

        Assert.Equal(MarketRefusal.ReservationNotAllowed, LaneBench.Refused(_bench.Send(1)).Reason);
    }

    [Fact]
    public void What_is_asked_for_again_with_other_arguments_replaces_with_those()
    {
        var purpose = LaneBench.Reserve(1);
        var reply = _bench.Send(1, purpose);
        Node.BaseFee = 23_000_000_000;
        _bench.Send(2, purpose);

        _bench.Mine(2);

        LaneBench.Landed(reply);
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

        var refused = LaneBench.Refused(reply);
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

        Assert.Contains("it ran out of gas", LaneBench.NotSent(reply).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transaction_that_a_reorganisation_took_back_is_sent_again()
    {
        LaneBench.Landed(Land(1));
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
        LaneBench.Landed(Land(1));
        Node.TakeBack(1, isKept: false);
        Node.Mine();
        _bench.Settle();

        var again = Land(1);

        LaneBench.Landed(again);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_receipt_in_another_block_after_a_reorganisation_counts_anew()
    {
        LaneBench.Landed(Land(1));
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

        LaneBench.Landed(reply);
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
    public void Who_waits_when_the_lane_is_disposed_is_told_of_the_doubt()
    {
        var reply = _bench.Send(1);

        _bench.Lane.Dispose();
        _bench.Lane.Dispose();
        _bench.Settle();

        Assert.IsType<TransactionInDoubt>(LaneBench.Outcome(reply));
        Assert.True(_bench.Send(2).IsCanceled);
        _bench.Time.AdvanceBy(TimeSpan.FromHours(1));
        Assert.Equal(0, _bench.Time.PendingCount);
    }

    private Task<LaneReply> Land(int what)
    {
        var reply = _bench.Send(what);
        _bench.Mine();
        return reply;
    }

    private static decimal FeeOf(TransactionAttempt attempt)
    {
        Assert.True(UnsignedTransaction.TryDecode(attempt.Unsigned.AsSpan(), out var transaction));
        return (ulong)transaction.Fees.MostWeiPerGas;
    }
}
