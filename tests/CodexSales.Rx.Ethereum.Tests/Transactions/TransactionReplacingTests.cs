using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What is done about transactions that no block takes, or that have become pointless.</summary>
public sealed class TransactionReplacingTests : TransactionTests
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
        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_transaction_that_nobody_takes_is_replaced_after_six_blocks_and_again()
    {
        Node.Instead = asked => asked.Method == Send && Node.Head.Number < 112 ? Replies.Text("0x12") : null;
        var reply = _bench.Send(1);

        _bench.Mine(14);

        TransactionBench.Landed(reply);
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

        TransactionBench.Landed(reply);
        Assert.Equal(first.Hash, _bench.Notices[^1].Hash);
    }

    [Fact]
    public void Fees_are_raised_up_to_the_limit_and_no_further()
    {
        var bench = new TransactionBench(new TransactionOptions { MaxFeePerGas = 30_000_000_000 });
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

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_transaction_that_has_become_pointless_is_cancelled_once_that_stands()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        var reply = _bench.Send(1);
        Node.Revert = (data, _) => data == "0x" ? null : "0xff556acf";
        _bench.Mine(11);
        Assert.Single(_bench.Journal[0].Attempts);
        Node.Instead = _ => null;

        _bench.Mine();
        Assert.True(_bench.Journal[0].Attempts[^1].IsCancellation);
        _bench.Mine();

        var cancellation = Assert.Single(Node.Mined);
        Assert.Equal((TransactionBench.Account, 0UL), (cancellation.To, cancellation.Nonce));
        Assert.Equal(0UL, cancellation.Value);
        Assert.Empty(cancellation.Data);
        var refused = TransactionBench.Refused(reply);
        Assert.Equal(MarketRefusal.SlotNotFree, refused.Reason);
        Assert.Contains("was cancelled", refused.Detail, StringComparison.Ordinal);
        _bench.Mine(12);
        Assert.Equal(TransactionEndKind.Cancelled, _bench.Journal[0].End?.Kind);
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

        TransactionBench.Landed(second);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(2)]
    [InlineData(12)]
    public void Sixty_four_in_flight_land_once_each_when_the_base_fee_rises_tenfold_and_the_pool_forgets_them(
        double secondsPerBlock)
    {
        var replies = Enumerable.Range(0, 64).Select(what => _bench.Send(what)).ToList();
        Node.BaseFee *= 10;

        for (var seconds = 0.0; seconds < 180; seconds += secondsPerBlock)
        {
            Node.BlockSeconds = (ulong)(seconds + secondsPerBlock) - (ulong)seconds;
            Node.Mine();
            _bench.Time.AdvanceBy(TimeSpan.FromSeconds(secondsPerBlock));
            if (seconds == 60)
            {
                Node.DropPool();
            }
        }

        replies.ForEach(reply => TransactionBench.Landed(reply));
        Assert.Equal(64, _bench.Mined.Distinct().Count());
        Assert.Equal(64, _bench.Mined.Count());
        Assert.All(_bench.Journal.Notes, note => Assert.All(
            note.Attempts.Skip(1).Zip(note.Attempts.Skip(2)),
            pair => Assert.True(pair.Second.SentAt - pair.First.SentAt >= TimeSpan.FromSeconds(30))));
    }

    private static decimal FeeOf(TransactionAttempt attempt)
    {
        Assert.True(UnsignedTransaction.TryDecode(attempt.Unsigned.AsSpan(), out var transaction));
        return (ulong)transaction.Fees.MostWeiPerGas;
    }
}
