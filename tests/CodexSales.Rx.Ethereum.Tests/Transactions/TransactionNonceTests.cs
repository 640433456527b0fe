using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Which nonces transactions get, also where others send for the account, or a node lags.</summary>
public sealed class TransactionNonceTests : TransactionTests
{
    [Fact]
    public void Transactions_have_nonces_in_the_order_in_which_they_were_asked_for()
    {
        Node.SendElsewhere(7);
        _bench.Time.Run(() =>
        {
            foreach (var what in Enumerable.Range(1, 5))
            {
                _ = _bench.Manager.SubmitAsync(TransactionBench.Intent(what), CancellationToken.None);
            }

            return Task.CompletedTask;
        });
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(10));
        _bench.Mine();

        Assert.Equal([(7UL, 1), (8UL, 2), (9UL, 3), (10UL, 4), (11UL, 5)], _bench.Mined);
    }

    [Theory]
    [InlineData(-32000, "intrinsic gas too low")]
    [InlineData(-32000, "exceeds block gas limit")]
    [InlineData(-32000, "tx fee (1.20 ether) exceeds the configured cap (1.00 ether)")]
    [InlineData(-32003, "invalid chain id for signer")]
    public void A_transaction_that_the_node_rejects_uses_no_nonce(int code, string said)
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Error(code, said) : null;

        var refused = TransactionBench.NotSent(_bench.Send(1));

        Assert.Contains(said, refused.Detail, StringComparison.Ordinal);
        Assert.Empty(_bench.Journal.Open);

        Node.Instead = _ => null;
        var next = _bench.Send(2);
        _bench.Mine();
        TransactionBench.Landed(next);
        Assert.Equal([(0UL, 2)], _bench.Mined);
    }

    [Theory]
    [InlineData(-32000, "nonce too low: next nonce 3, tx nonce 0")]
    [InlineData(-32003, "nonce too low")]
    [InlineData(-32010, "OldNonce, Current nonce: 3")]
    public void A_nonce_that_somebody_else_used_is_followed_by_the_next_one(int code, string said)
    {
        Node.Instead = asked => asked.Method == Send && Node.NextNonce == 0
            ? SomebodyWasFaster(Replies.Error(code, said))
            : null;

        var reply = _bench.Send(1);
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(3UL, 1)], _bench.Mined);
        Assert.Equal(TransactionEndKind.Rejected, _bench.Journal[0].End?.Kind);
    }

    [Fact]
    public void A_node_that_lags_behind_the_account_is_asked_again()
    {
        Node.SendElsewhere(3);
        var lies = 3;
        Node.Instead = asked => asked.Method == "eth_getTransactionCount" && lies-- > 0 ? Replies.Text("0x2") : null;

        var reply = _bench.Send(1);
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(4));
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(3UL, 1)], _bench.Mined);
    }

    [Fact]
    public void The_nonce_of_another_programs_transaction_is_not_taken_from_it()
    {
        var tries = 0;
        Node.Instead = asked => asked.Method == Send && tries++ == 0
            ? SomebodyWasFaster(Replies.Error(-32000, "replacement transaction underpriced"))
            : null;

        var reply = _bench.Send(1);
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(3UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_gap_that_the_node_sees_and_we_do_not_is_closed()
    {
        var tries = 0;
        Node.Instead = asked => asked.Method switch
        {
            "eth_getTransactionCount" when tries == 0 => Replies.Text("0x5"),
            Send when tries++ == 0 => Replies.Error(-32010, "NonceGap, Future nonce. Expected nonce: 0"),
            _ => null,
        };

        var reply = _bench.Send(1);
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void A_gap_before_what_is_in_flight_is_closed_by_sending_that_again()
    {
        var first = _bench.Send(1);
        Node.DropPool();
        Node.Instead = asked => asked.Method == Send && Node.Pool.Count == 0 && IsOf(asked, 2)
            ? Replies.Error(-32010, "NonceGap, Future nonce. Expected nonce: 0")
            : null;

        var second = _bench.Send(2);
        _bench.Mine(2);

        TransactionBench.Landed(first);
        TransactionBench.Landed(second);
        Assert.Equal([(0UL, 1), (1UL, 2)], _bench.Mined);
    }

    private RpcReply SomebodyWasFaster(RpcReply reply)
    {
        Node.SendElsewhere(3);
        return reply;
    }
}
