using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>How a transaction comes to be sent, or not.</summary>
public sealed class TransactionSendingTests : TransactionTests
{
    // Its words are unclear, and the back end that is asked for it next does not know it yet.
    [Fact]
    public void A_transaction_that_the_node_took_with_an_error_is_not_sent_under_another_nonce()
    {
        var (errors, absences) = (1, 2);
        Node.Afterwards = asked => asked.Method == "eth_sendRawTransaction" && errors-- > 0
            ? Replies.Error(-32000, "the moon is not right")
            : asked.Method == "eth_getTransactionByHash" && absences-- > 0 ? Replies.Null : null;
        var reply = _bench.Send(1);
        var other = _bench.Send(2);

        _bench.Mine(2);

        TransactionBench.Landed(reply);
        TransactionBench.Landed(other);
        Assert.Equal([(0UL, 1), (1UL, 2)], _bench.Mined);
    }

    [Fact]
    public void A_transaction_is_sent_and_lands()
    {
        var reply = _bench.Send(1);
        Assert.False(reply.IsCompleted);

        _bench.Mine();

        Assert.Equal(Node.Head.Stamp, TransactionBench.Landed(reply));
        Assert.Equal([TransactionNoticeKind.Sent, TransactionNoticeKind.Landed], _bench.NoticeKinds);
    }

    [Fact]
    public void It_has_the_estimated_gas_and_a_margin_and_twice_the_base_fee()
    {
        _bench.Send(1);

        var sent = Assert.Single(Node.Pool).Transaction;
        Assert.Equal(125_000UL, sent.GasLimit);
        Assert.Equal(new DynamicFees(22_000_000_000, 2_000_000_000), sent.Fees);
        Assert.Equal(31_337UL, sent.ChainId);
    }

    [Theory]
    [InlineData(TransactionKind.ReserveSlot, 125_000)]
    [InlineData(TransactionKind.FillSlot, 110_000)]
    [InlineData(TransactionKind.SubmitProof, 125_000)]
    [InlineData(TransactionKind.FreeSlot, 300_000)]
    [InlineData(TransactionKind.Approve, 200_000)]
    public void Each_kind_has_its_margin(TransactionKind kind, ulong gas)
    {
        _bench.Send(1, new TransactionPurpose(kind, null, null, 0));

        Assert.Equal(gas, Assert.Single(Node.Pool).Transaction.GasLimit);
    }

    [Fact]
    public void What_would_revert_is_refused_for_free()
    {
        Node.Revert = (_, _) => "0x424a04ab";

        var refused = TransactionBench.Refused(_bench.Send(1));

        Assert.Equal(MarketRefusal.ReservationNotAllowed, refused.Reason);
        Assert.Contains("SlotReservations_ReservationNotAllowed", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(Node.Sends);
        Assert.Empty(_bench.Journal.Notes);

        Node.Revert = (_, _) => null;
        _bench.Send(2);
        Assert.Equal(0UL, Assert.Single(Node.Pool).Transaction.Nonce);
    }

    [Theory]
    [InlineData(-32000, "already known")]
    [InlineData(-32003, "transaction already imported")]
    [InlineData(-32010, "AlreadyKnown")]
    public void A_transaction_that_is_known_counts_as_sent(int code, string said)
    {
        Node.Afterwards = asked => asked.Method == Send ? Replies.Error(code, said) : null;

        var reply = _bench.Send(1);
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Single(Node.Sends);
    }

    [Theory]
    [InlineData(-32000, "transaction underpriced")]
    [InlineData(-32000, "max fee per gas less than block base fee: maxFeePerGas: 1, baseFee: 7")]
    [InlineData(-32010, "FeeTooLow, MaxFeePerGas too low.")]
    public void A_price_that_is_too_low_is_raised_at_once(int code, string said)
    {
        var tries = 0;
        Node.Instead = asked => asked.Method == Send && tries++ == 0 ? Replies.Error(code, said) : null;

        var reply = _bench.Send(1);

        Assert.Equal(new DynamicFees(24_750_000_000, 2_250_000_000), Assert.Single(Node.Pool).Transaction.Fees);
        _bench.Mine();
        TransactionBench.Landed(reply);
    }

    [Fact]
    public void A_price_is_not_raised_for_ever()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Error(-32000, "transaction underpriced") : null;

        TransactionBench.NotSent(_bench.Send(1));

        Assert.Equal(4, Node.Sends.Count());
    }

    [Theory]
    [InlineData("in-flight transaction limit reached for delegated accounts")]
    [InlineData("txpool is full")]
    public void A_full_pool_is_tried_again_later(string said)
    {
        var tries = 0;
        Node.Instead = asked => asked.Method == Send && tries++ < 2 ? Replies.Error(-32000, said) : null;

        var reply = _bench.Send(1);
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(5));
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void An_answer_that_is_lost_is_followed_by_the_same_bytes()
    {
        Node.Afterwards = asked => asked.Method == Send ? new RpcNoAnswer("Lost.", MayHaveArrived: true) : null;
        var reply = _bench.Send(1);
        Node.Afterwards = _ => null;

        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal(TransactionNoticeKind.Unanswered, _bench.NoticeKinds.First());
        Assert.Single(Node.Sends.DistinctBy(asked => Replies.ParametersOf(asked).GetRawText()));
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Theory]
    [InlineData(true, -32603, "Internal error")]
    [InlineData(true, 429, "Too Many Requests")]
    [InlineData(false, -32603, "Internal error")]
    [InlineData(false, 429, "Too Many Requests")]
    public void A_transaction_that_may_have_been_sent_is_sent_once(bool hasArrived, int code, string said)
    {
        RpcReply? Fail(RpcRequest asked, bool isNow) =>
            isNow && asked.Method == Send ? Replies.Error(code, said) : null;
        Node.Instead = asked => Fail(asked, !hasArrived);
        Node.Afterwards = asked => Fail(asked, hasArrived);
        var first = _bench.Send(1);
        var second = _bench.Send(2);
        (Node.Instead, Node.Afterwards) = (_ => null, _ => null);

        _bench.Mine(3);

        TransactionBench.Landed(first);
        TransactionBench.Landed(second);
        Assert.Equal([(0UL, 1), (1UL, 2)], _bench.Mined);
    }

    [Fact]
    public void Words_that_are_not_known_count_by_whether_the_node_has_the_transaction()
    {
        Node.Afterwards = asked => asked.Method == Send ? Replies.Error(-32000, "the moon is not right") : null;
        var known = _bench.Send(1);
        (Node.Afterwards, Node.Instead) = (_ => null, Node.Afterwards);
        var later = _bench.Send(2);
        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(1));
        var refused = TransactionBench.NotSent(later);
        Node.Instead = _ => null;

        _bench.Mine();

        TransactionBench.Landed(known);
        Assert.Contains("the moon is not right", refused.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Journal.Open, entry => entry.Nonce != 0);
    }

    [Fact]
    public void A_node_that_is_away_for_a_while_is_waited_for()
    {
        Node.Instead = _ => new RpcNoAnswer("The node is not connected.", MayHaveArrived: false);
        var reply = _bench.Send(1);
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(20));
        Node.Instead = _ => null;
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(10));

        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Theory]
    [InlineData("eth_estimateGas")]
    [InlineData("eth_feeHistory")]
    [InlineData("eth_getTransactionCount")]
    [InlineData(Send)]
    public void What_a_node_that_stays_away_leaves_undone_is_told(string method)
    {
        Node.Instead = asked =>
            asked.Method == method ? new RpcNoAnswer("The node is not connected.", MayHaveArrived: false) : null;
        var reply = _bench.Send(1);

        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(2));

        Assert.StartsWith("reserveSlot ", TransactionBench.NotSent(reply).Detail, StringComparison.Ordinal);
        Assert.Empty(_bench.Journal.Open);
        Assert.Equal(TransactionNoticeKind.NotSent, _bench.NoticeKinds.Last());
    }

    [Fact]
    public void Whoever_gives_up_before_it_is_sent_has_sent_nothing()
    {
        Node.Instead = _ => new RpcNoAnswer("The node is not connected.", MayHaveArrived: false);
        var reply = _bench.Send(1, mayGiveUp: true);
        _bench.GiveUp.Cancel();
        Node.Instead = _ => null;

        _bench.Mine(2);

        Assert.True(reply.IsCanceled);
        Assert.Empty(Node.Sends);
    }

    [Fact]
    public void Whoever_gives_up_after_it_was_sent_does_not_take_it_back()
    {
        var reply = _bench.Send(1, mayGiveUp: true);
        _bench.GiveUp.Cancel();

        _bench.Mine();

        Assert.True(reply.IsCanceled);
        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Equal(TransactionNoticeKind.Landed, _bench.NoticeKinds.Last());
    }

    [Fact]
    public void What_cannot_be_noted_is_not_sent()
    {
        _bench.Send(9);
        _bench.Journal.Failure = new IOException("the disk is full");
        var reply = _bench.Send(1);

        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(2));

        Assert.Contains("the disk is full", TransactionBench.NotSent(reply).Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Node.Sends, asked => IsOf(asked, 1));
    }

    [Fact]
    public void It_is_noted_before_it_is_sent()
    {
        var noted = 0;
        Node.Instead = asked =>
        {
            noted = asked.Method == Send ? _bench.Journal.Notes.Count : noted;
            return null;
        };

        _bench.Send(1);

        Assert.Equal(1, noted);
        var entry = Assert.Single(_bench.Journal.Notes);
        var attempt = Assert.Single(entry.Attempts);
        Assert.Equal((new SendingAccount(31_337, TransactionBench.Account), 0UL), (entry.Sender, entry.Nonce));
        Assert.Equal(TransactionBench.Reserve(1), entry.Purpose);
        Assert.Equal(Keccak256.Hash(attempt.Signed.AsSpan()), attempt.Hash);
        Assert.Null(entry.End);
    }

    [Fact]
    public void A_signer_that_refuses_ends_it()
    {
        _bench.Stamp.Answer = new NotSigned("The signer refuses: \"Request denied\".", IsPassing: false);

        var refused = TransactionBench.NotSent(_bench.Send(1));

        Assert.Contains("Request denied", refused.Detail, StringComparison.Ordinal);
        Assert.Empty(_bench.Journal.Notes);
    }

    [Fact]
    public void A_signer_that_does_not_answer_is_asked_again()
    {
        _bench.Stamp.Answer = new NotSigned("The signer does not answer.", IsPassing: true);
        var reply = _bench.Send(1);
        _bench.Stamp.Answer = null;

        _bench.Mine();

        TransactionBench.Landed(reply);
    }
}
