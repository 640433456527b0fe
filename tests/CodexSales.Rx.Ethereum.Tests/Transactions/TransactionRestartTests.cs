using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What a host that was killed knows when it is back.</summary>
public sealed class TransactionRestartTests : TransactionTests
{
    [Fact]
    public void What_was_in_flight_is_not_sent_twice()
    {
        _bench.Send(1);
        _bench.Restart();
        var again = _bench.Send(1);

        _bench.Mine(3);

        TransactionBench.Landed(again);
        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Single(Node.Sends.DistinctBy(asked => Replies.ParametersOf(asked).GetRawText()));
    }

    [Fact]
    public void What_landed_while_the_host_was_away_is_told_to_who_asks_again()
    {
        _bench.Send(1);
        _bench.Manager.Dispose();
        _bench.Mine(2);
        _bench.Restart();

        Assert.Equal(TransactionNoticeKind.Landed, _bench.NoticeKinds.Last());
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    [Fact]
    public void What_was_noted_and_never_sent_is_sent_if_it_still_makes_sense()
    {
        Node.Instead = asked => asked.Method == Send ? new RpcNoAnswer("Crashed.", MayHaveArrived: true) : null;
        _bench.Send(1);
        Node.Instead = _ => null;
        _bench.Restart();

        _bench.Mine();

        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    // That it would revert as of the newest block is no verdict: as of one that stays for good, it is.
    [Fact]
    public void What_was_noted_and_makes_no_sense_any_more_is_cancelled_once_that_stands()
    {
        Node.Instead = asked => asked.Method == Send ? new RpcNoAnswer("Crashed.", MayHaveArrived: true) : null;
        _bench.Send(1);
        Node.Instead = asked => asked.Method == Send && _bench.Node.Head.Number < 112 ? Replies.Text("0x12") : null;
        Node.Revert = (data, _) => data == "0x" ? null : "0xff556acf";
        _bench.Restart();
        _bench.Mine(11);
        Assert.Empty(_bench.Journal[0].Attempts.Where(attempt => attempt.IsCancellation));

        _bench.Mine(2);

        Assert.Equal([(0UL, -1)], _bench.Mined);
        Assert.Equal(TransactionNoticeKind.Cancelled, _bench.NoticeKinds.Last());
    }

    [Fact]
    public void What_was_noted_is_judged_only_when_all_before_it_has_landed()
    {
        Node.Instead = asked => asked.Method == Send ? new RpcNoAnswer("Crashed.", MayHaveArrived: true) : null;
        _bench.Send(1);
        _bench.Send(2);
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        Node.Revert = (data, _) => data.EndsWith("02", StringComparison.Ordinal) ? "0xff556acf" : null;
        _bench.Restart();
        _bench.Mine(15);
        Assert.DoesNotContain(_bench.Journal[1].Attempts, attempt => attempt.IsCancellation);
        Node.Instead = asked => asked.Method == Send && TransactionBench.DataOf(asked) is [.., 2] ? Replies.Text("0x12") : null;

        _bench.Mine(4);

        Assert.Equal([(0UL, 1), (1UL, -1)], _bench.Mined);
    }

    [Fact]
    public void New_transactions_come_after_those_in_flight()
    {
        _bench.Send(1);
        _bench.Send(2);
        Node.DropPool();
        _bench.Restart();
        _bench.Send(3);

        _bench.Mine(4);

        Assert.Equal([(0UL, 1), (1UL, 2), (2UL, 3)], _bench.Mined);
    }

    [Fact]
    public void A_cancellation_goes_on_after_a_restart()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        _bench.Send(1);
        Node.Revert = (data, _) => data == "0x" ? null : "0xff556acf";
        _bench.Mine(13);
        Assert.True(_bench.Journal[0].Attempts[^1].IsCancellation);
        Node.Instead = _ => null;
        _bench.Restart();

        _bench.Mine();

        Assert.Equal([(0UL, -1)], _bench.Mined);
        Assert.Single(Node.Mined);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_stops_all_sending_until_it_can()
    {
        _bench.Send(1);
        _bench.Journal.Failure = new IOException("the disk is gone");
        _bench.Restart();
        var refused = _bench.Send(2);
        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(2));
        var sends = Node.Sends.Count();

        Assert.Contains("the disk is gone", TransactionBench.NotSent(refused).Detail, StringComparison.Ordinal);
        _bench.Journal.Failure = null;
        var reply = _bench.Send(3);
        _bench.Mine(2);
        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, 1), (1UL, 3)], _bench.Mined);
        Assert.True(sends < Node.Sends.Count());
    }

    [Fact]
    public void A_damaged_entry_stops_all_sending()
    {
        _bench.Send(1);
        var entry = _bench.Journal[0];
        _bench.Journal.NoteAsync(
            [entry with { Attempts = [entry.Attempts[0] with { Unsigned = [1, 2, 3] }] }],
            default,
            TestContext.Current.CancellationToken);
        _bench.Restart();
        var reply = _bench.Send(2);

        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(2));

        Assert.Contains("what it has of nonce 0 is damaged", TransactionBench.NotSent(reply).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_spent_before_a_restart_counts()
    {
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = 1_666_666_666_666_664 });
        bench.Send(1, TransactionBench.Reserve(1) with { Kind = TransactionKind.FillSlot });
        bench.Mine(13);
        Assert.Empty(bench.Journal.Open);
        bench.Restart();

        var refused = TransactionBench.NotSent(bench.Send(2, TransactionBench.Reserve(2) with { Kind = TransactionKind.FillSlot }));

        Assert.Contains(
            "With it, 24 hours are likely to cost 0.00125 ether", refused.Detail, StringComparison.Ordinal);
    }

    // Killed at any question that three transactions take: each lands, and once. The contract refuses to do one twice.
    [Fact]
    public void Wherever_a_host_is_killed_nothing_is_sent_twice()
    {
        for (var killedAt = 1; killedAt < 40; killedAt++)
        {
            var bench = new TransactionBench();
            bench.Node.Revert = (data, block) => block is "head" or "" && bench.Mined.Any(
                mined => data.EndsWith($"{mined.What:x2}", StringComparison.Ordinal)) ? "0x424a04ab" : null;
            var left = killedAt;
            bench.Node.Instead = _ => --left <= 0 ? new RpcNoAnswer("Killed.", MayHaveArrived: true) : null;
            bench.Send(1);
            bench.Send(2);
            bench.Mine();
            bench.Send(3);
            bench.Node.Instead = _ => null;
            bench.Restart();
            List<Task<TransactionReply>> replies = [bench.Send(1), bench.Send(2), bench.Send(3)];
            bench.Mine(30);

            Assert.All(replies, reply => Assert.True(TransactionBench.Outcome(reply) is TransactionLanded
                or TransactionRefused { Reason: MarketRefusal.ReservationNotAllowed }));
            Assert.Equal([1, 2, 3], bench.Mined.Select(mined => mined.What).Order());
            Assert.Equal([0UL, 1UL, 2UL], bench.Mined.Select(mined => mined.Nonce));
        }
    }
}
