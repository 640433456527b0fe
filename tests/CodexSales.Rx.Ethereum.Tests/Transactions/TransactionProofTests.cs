using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>Proofs are good for some blocks only, and nothing is replaced all the time.</summary>
public sealed class TransactionProofTests : TransactionTests
{
    // Blocks are of the seconds 1,000, 1,012, 1,024 and 1,036.
    [Fact]
    public void Proofs_of_a_period_that_is_over_are_cancelled_together_and_not_sent_again()
    {
        Node.Instead = asked => asked.Method == Send && Node.Head.Number < 103 ? Replies.Text("0x12") : null;
        var replies = Want(Proof(1, until: 1_024), Proof(2, until: 1_024), Proof(3, until: 1_024));
        _bench.Mine(2);
        var sends = Node.Sends.Count();
        Node.Mine();
        _bench.Settle();

        Assert.All(Node.Sends.Skip(sends), sent => Assert.Empty(TransactionBench.DataOf(sent)));
        Assert.Equal(3, Node.Pool.Count);
        _bench.Mine();
        Assert.Equal([(0UL, -1), (1UL, -1), (2UL, -1)], _bench.Mined);
        Assert.All(replies, reply => Assert.Equal(MarketRefusal.InvalidProof, TransactionBench.Refused(reply).Reason));
        Assert.All(_bench.Journal.Open, entry => Assert.Equal(2, entry.Attempts.Length));
    }

    [Fact]
    public void A_proof_from_before_a_restart_is_cancelled_by_the_length_of_a_period()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        Want(Proof(1, until: 1_024, period: 4));
        _bench.Manager.Dispose();
        Node.Mine(3);
        Node.Instead = _ => null;
        _bench.Restart();
        _bench.Manager.ProofPeriodSeconds = 205;

        _bench.Mine(2);

        Assert.Equal([(0UL, -1)], _bench.Mined);
    }

    // A signer that takes long: what it signs is too late then, and what was to come after it moves up.
    [Fact]
    public void A_block_that_comes_while_a_proof_is_signed_makes_it_too_late()
    {
        var isSlow = true;
        _bench.Stamp.Refuse = _ =>
        {
            if (isSlow)
            {
                isSlow = false;
                Node.Mine();
            }

            return null;
        };
        var replies = Want(
            Proof(1, until: 1_005),
            Proof(2, until: 9_000) with { UntilBlock = 101 },
            Proof(3, until: 9_000) with { UntilBlock = 102 },
            TransactionBench.Intent(4));
        _bench.Mine();

        Assert.Equal(MarketRefusal.InvalidProof, TransactionBench.Refused(replies[0]).Reason);
        Assert.Equal(MarketRefusal.InvalidProof, TransactionBench.Refused(replies[1]).Reason);
        Assert.Equal([(0UL, 3), (1UL, 4)], _bench.Mined);
        Assert.DoesNotContain(Node.Sends, sent => TransactionBench.DataOf(sent)[^1] is 1 or 2);
    }

    // The base fee doubles every ten seconds.
    [Fact]
    public void Nothing_is_replaced_more_often_than_once_in_half_a_minute()
    {
        Node.BlockSeconds = 0;
        Want(Proof(1, until: 9_000), TransactionBench.Intent(2));
        for (var i = 0; i < 480; i++)
        {
            _bench.Time.AdvanceBy(TimeSpan.FromSeconds(0.25));
            Node.BaseFee *= i % 40 == 0 && Node.BaseFee < 200_000_000_000 ? 2UL : 1UL;
            Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
            Node.DropPool();
            Node.Mine();
        }

        foreach (var nonce in new[] { 0UL, 1UL })
        {
            var attempts = _bench.Journal[nonce].Attempts;
            Assert.InRange(attempts.Length, 3, 5);
            Assert.All(attempts.Skip(1).Zip(attempts.Skip(2)), pair => Assert.True(
                pair.Second.SentAt - pair.First.SentAt >= TimeSpan.FromSeconds(30)));
        }
    }

    // Behind one that is stuck: whatever it would revert with, others wait for its nonce.
    [Fact]
    public void What_would_revert_is_made_dearer_only_when_it_is_in_the_way_of_others()
    {
        Node.Instead = asked => asked.Method == Send && TransactionBench.DataOf(asked)[^1] == 1 ? Replies.Text("0x12") : null;
        Want(TransactionBench.Intent(1));
        Node.Revert = (data, block) =>
            data.EndsWith("01", StringComparison.Ordinal) && block == "head" ? "0xff556acf" : null;
        _bench.Mine(8);
        Assert.Single(_bench.Journal[0].Attempts);
        Want(TransactionBench.Intent(2));

        _bench.Mine(8);

        Assert.True(_bench.Journal[0].Attempts.Length > 1);
    }

    [Fact]
    public void Five_hundred_proofs_go_out_by_what_they_are_likely_to_cost()
    {
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = UInt256.Parse("1700000000000000000") });
        bench.Node.BaseFee = 30_000_000_000;
        bench.Time.Run(() =>
        {
            foreach (var number in Enumerable.Range(1, 600))
            {
                _ = bench.Manager.SubmitAsync(Proof(number, until: 9_000), CancellationToken.None);
            }

            return Task.CompletedTask;
        });
        bench.Settle();

        // 100,000 gas at 32 gwei each; at 62 gwei and with the margin it was 219.
        Assert.Equal(531, bench.Node.Pool.Count);
    }

    [Fact]
    public void Near_the_limit_of_a_day_new_slots_stop_and_proofs_go_on()
    {
        // 1.2 finney each: ten of them are the limit.
        var bench = new TransactionBench(new TransactionOptions { MostWeiPerDay = 12_000_000_000_000_000 });
        var fills = Enumerable.Range(1, 9)
            .Select(number => bench.Send(number, TransactionBench.Reserve(number) with { Kind = TransactionKind.FillSlot }))
            .ToList();
        Assert.Equal(7, bench.Node.Pool.Count);
        var proofs = Enumerable.Range(11, 4)
            .Select(number => bench.Send(number, Proof(number, until: 9_000).Purpose))
            .ToList();

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 11, 12, 13], bench.Node.Pool.Select(sent => (int)sent.Transaction.Data[^1]));
        Assert.EndsWith(
            "With it, 24 hours are likely to cost 0.0096 ether, and the limit is 0.012 ether, of which new slots"
            + " get 0.009 ether.",
            TransactionBench.NotSent(fills[^1]).Detail,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "With it, 24 hours are likely to cost 0.0132 ether, and the limit is 0.012 ether.",
            TransactionBench.NotSent(proofs[^1]).Detail,
            StringComparison.Ordinal);

        // They landed for less: what they cost counts.
        bench.Mine();
        bench.Send(20);
        Assert.Single(bench.Node.Pool);
    }

    private List<Task<TransactionReply>> Want(params TransactionIntent[] intents)
    {
        List<Task<TransactionReply>> replies = [];
        _bench.Time.Run(() =>
        {
            replies.AddRange(intents.Select(intent => _bench.Manager.SubmitAsync(intent, CancellationToken.None)));
            return Task.CompletedTask;
        });
        _bench.Settle();
        return replies;
    }

    // While the past is read, say.
    [Fact]
    public void What_is_stuck_is_replaced_also_when_no_block_is_told()
    {
        _bench.Send(1);
        Node.BaseFee = 40_000_000_000;

        _bench.Time.AdvanceBy(TimeSpan.FromHours(1));

        Assert.True(_bench.Journal[0].Attempts.Length > 1);
    }

    // The reservation before it pays what was enough once, and the pool has lost it.
    [Fact]
    public void A_proof_does_not_wait_for_a_reservation_that_is_too_cheap()
    {
        var bench = new TransactionBench(new TransactionOptions { MaxFeePerGas = 30_000_000_000 });
        bench.Send(1);
        bench.Node.BaseFee = 29_000_000_000;
        bench.Node.DropPool();
        var proof = bench.Send(2, Proof(2, until: 2_000).Purpose);

        bench.Mine(25);

        TransactionBench.Landed(proof);
    }

    private static TransactionIntent Proof(int number, ulong until, ulong period = 5) => TransactionBench.Intent(
        number % 256,
        new TransactionPurpose(
            TransactionKind.SubmitProof, new SlotKey(new RequestId(Keccak256.Hash([1])), (ulong)number), period, 0)) with
    {
        Until = new UnixSeconds(until),
    };
}
