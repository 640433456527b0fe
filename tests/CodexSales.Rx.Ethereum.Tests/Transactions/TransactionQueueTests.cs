using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Signers;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>In which order, and how soon, transactions go out that are wanted at the same time. Exact round trips.</summary>
public sealed class TransactionQueueTests : TransactionTests
{
    [Fact]
    public void Two_hundred_proofs_take_two_round_trips_and_one_commit()
    {
        var replies = Want([.. Enumerable.Range(1, 200).Select(number => Proof(number))]);
        _bench.Time.AdvanceBy(2 * FakeNode.Latency);

        Assert.Equal([207, 200], Node.Messages.Select(message => message.Count));
        Assert.Equal(200, Node.Pool.Count);
        Assert.Equal(1, _bench.Journal.Commits);
        Assert.Equal(Enumerable.Range(0, 200).Select(nonce => (ulong)nonce), Node.Sends.Select(NonceOf));
        _bench.Mine();
        Assert.All(replies, reply => TransactionBench.Landed(reply));
    }

    // All of them in one message: the count of transactions, their receipts, what gas costs in the new block, and what there is to pay it.
    [Fact]
    public void What_becomes_of_two_hundred_proofs_takes_one_round_trip_a_block_and_two_commits()
    {
        Want([.. Enumerable.Range(1, 200).Select(number => Proof(number))]);
        _bench.Settle();
        var (messages, commits) = (Node.Messages.Count, _bench.Journal.Commits);

        _bench.Mine(13);

        Assert.Equal(13, Node.Messages.Count - messages);
        Assert.Equal(204, Node.Messages[messages].Count);
        Assert.Equal(1, _bench.Journal.Commits - commits);
        Assert.Empty(_bench.Journal.Open);
        messages = Node.Messages.Count;
        _bench.Mine(5);
        Assert.Equal(messages, Node.Messages.Count);
    }

    // Whenever it is wanted: while the proofs are estimated, or while they are sent.
    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    [InlineData(50)]
    [InlineData(75)]
    [InlineData(100)]
    public void A_reservation_in_the_middle_of_two_hundred_proofs_goes_out_within_three_round_trips(int milliseconds)
    {
        Want([.. Enumerable.Range(1, 200).Select(number => Proof(number))]);
        _bench.Time.AdvanceBy(TimeSpan.FromMilliseconds(milliseconds));
        var wanted = _bench.Time.Elapsed;
        Want(TransactionBench.Intent(201));
        TimeSpan? sentAt = null;
        Node.Instead = asked =>
        {
            sentAt = asked.Method == Send && TransactionBench.DataOf(asked)[^1] == 201 ? _bench.Time.Elapsed : sentAt;
            return null;
        };
        _bench.Settle();

        Assert.InRange(sentAt!.Value - wanted, TimeSpan.Zero, 3 * FakeNode.Latency);
        Assert.Equal(201, Node.Pool.Count);
    }

    // Proofs by the end of their period, fills, reservations, payouts: by what it costs to come late.
    [Fact]
    public void What_is_most_urgent_has_the_lowest_nonce()
    {
        Want(
            TransactionBench.Intent(1, Purpose(TransactionKind.FreeSlot, 1)),
            TransactionBench.Intent(2, Purpose(TransactionKind.ReserveSlot, 2)),
            TransactionBench.Intent(3, Purpose(TransactionKind.FillSlot, 3)),
            Proof(4, until: 2_000),
            TransactionBench.Intent(5, Purpose(TransactionKind.ReserveSlot, 5)),
            Proof(6, until: 1_500),
            TransactionBench.Intent(7, Purpose(TransactionKind.FillSlot, 7)));
        _bench.Settle();

        Assert.Equal([6, 4, 3, 7, 2, 5, 1], Node.Pool.Select(sent => (int)sent.Transaction.Data[^1]));
    }

    [Fact]
    public void No_more_than_the_option_says_are_in_flight_and_the_next_ones_follow_with_the_next_block()
    {
        var replies = Want([.. Enumerable.Range(1, 100).Select(number => TransactionBench.Intent(number))]);
        _bench.Settle();
        Assert.Equal(64, Node.Pool.Count);
        Assert.Equal([71, 64], Node.Messages.Select(message => message.Count));

        _bench.Mine();
        Assert.Equal(36, Node.Pool.Count);
        _bench.Mine();

        Assert.All(replies, reply => TransactionBench.Landed(reply));
        Assert.Equal(Enumerable.Range(1, 100), _bench.Mined.Select(mined => mined.What));
    }

    [Fact]
    public void Proofs_go_out_however_much_is_in_flight()
    {
        var bench = new TransactionBench(new TransactionOptions { MostInFlight = 2 });
        bench.Send(1);
        bench.Send(2);
        bench.Send(3);
        bench.Send(4, Proof(4).Purpose);

        Assert.Equal([1, 2, 4], bench.Node.Pool.Select(sent => (int)sent.Transaction.Data[^1]));
    }

    [Fact]
    public void What_finds_no_room_until_its_deadline_is_told()
    {
        var bench = new TransactionBench(new TransactionOptions { MostInFlight = 1 });
        bench.Send(1);
        var late = bench.Send(2);

        bench.Time.AdvanceBy(TimeSpan.FromMinutes(1));

        Assert.EndsWith(
            "1 transactions are in flight, and no block takes them.",
            TransactionBench.NotSent(late).Detail,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wanted_twice_at_once_is_sent_once()
    {
        var replies = Want(TransactionBench.Intent(1), TransactionBench.Intent(1), TransactionBench.Intent(1));
        _bench.Mine();

        Assert.All(replies, reply => TransactionBench.Landed(reply));
        Assert.Single(Node.Mined);
    }

    [Fact]
    public void One_that_would_revert_is_refused_and_the_others_go_out()
    {
        Node.Revert = (data, _) => data.EndsWith("02", StringComparison.Ordinal) ? "0x424a04ab" : null;
        var replies = Want(TransactionBench.Intent(1), TransactionBench.Intent(2), TransactionBench.Intent(3));
        _bench.Mine();

        Assert.Equal(MarketRefusal.ReservationNotAllowed, TransactionBench.Refused(replies[1]).Reason);
        Assert.Equal([(0UL, 1), (1UL, 3)], _bench.Mined);
    }

    [Fact]
    public void One_that_the_node_refuses_gives_its_nonce_to_the_next_one()
    {
        var refusals = 1;
        Node.Instead = asked => asked.Method == Send && TransactionBench.DataOf(asked)[^1] == 2 && refusals-- > 0
            ? Replies.Error(-32000, "exceeds block gas limit")
            : null;
        var replies = Want(TransactionBench.Intent(1), TransactionBench.Intent(2), TransactionBench.Intent(3));
        _bench.Settle();
        TransactionBench.NotSent(replies[1]);
        var later = _bench.Send(4);

        _bench.Mine(2);

        TransactionBench.Landed(replies[2]);
        TransactionBench.Landed(later);
        Assert.Equal([(0UL, 1), (1UL, 4), (2UL, 3)], _bench.Mined);
    }

    [Fact]
    public void One_that_the_signer_refuses_leaves_no_gap()
    {
        _bench.Stamp.Refuse = transaction => transaction.Data[^1] == 2
            ? new NotSigned("The signer refuses: \"Request denied\".", IsPassing: false)
            : null;
        var replies = Want(TransactionBench.Intent(1), TransactionBench.Intent(2), TransactionBench.Intent(3));
        _bench.Mine(2);

        Assert.Contains("Request denied", TransactionBench.NotSent(replies[1]).Detail, StringComparison.Ordinal);
        Assert.Equal([(0UL, 1), (1UL, 3)], _bench.Mined);
    }

    // A count that was one too high once: nothing has the nonce below, and nobody wants anything else.
    [Fact]
    public void A_hole_below_the_only_transaction_is_filled()
    {
        var isWrong = true;
        Node.Instead = asked => isWrong && asked.Method == "eth_getTransactionCount"
            && Replies.ParametersOf(asked)[1].GetString() == "pending" ? Replies.Text("0x2") : null;
        var reply = _bench.Send(1);
        isWrong = false;

        _bench.Mine(10);

        TransactionBench.Landed(reply);
        Assert.Equal([(0UL, -1), (1UL, -1), (2UL, 1)], _bench.Mined);
        Assert.Contains(
            _bench.Notices, notice => notice.Detail.StartsWith("Nothing uses nonce 0,", StringComparison.Ordinal));
        _bench.Mine(12);
        Assert.Empty(_bench.Journal.Open);
    }

    // It waits for nonces that nobody uses: to use them all up would cost more than to ask again.
    [Theory]
    [InlineData("0x5")]
    [InlineData("0x3e8")]
    [InlineData("0xfffffffffffffffe")]
    public void What_waits_far_above_the_next_nonce_is_given_up_and_can_be_sent_again(string count)
    {
        var isWrong = true;
        Node.Instead = asked => isWrong && asked.Method == "eth_getTransactionCount"
            && Replies.ParametersOf(asked)[1].GetString() == "pending" ? Replies.Text(count) : null;
        var reply = _bench.Send(1);
        isWrong = false;
        _bench.Mine(15);
        var doubt = Assert.IsType<TransactionInDoubt>(TransactionBench.Outcome(reply));
        Assert.Contains("nonces from 0 on", doubt.Detail, StringComparison.Ordinal);
        Assert.Empty(_bench.Journal.Open);

        var again = _bench.Send(1);
        _bench.Mine(20);

        TransactionBench.Landed(again);
        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Empty(_bench.Journal.Open);
    }

    [Fact]
    public void What_is_wanted_meanwhile_fills_a_hole()
    {
        var isWrong = true;
        Node.Instead = asked => isWrong && asked.Method == "eth_getTransactionCount"
            && Replies.ParametersOf(asked)[1].GetString() == "pending" ? Replies.Text("0x1") : null;
        _bench.Send(1);
        isWrong = false;
        _bench.Mine();
        _bench.Send(2);

        _bench.Mine(10);

        Assert.Equal([(0UL, 2), (1UL, 1)], _bench.Mined);
    }

    // Another program's transaction has the nonce, and may be stuck; or the pool counts ours, which wait above the hole.
    [Fact]
    public void A_nonce_that_the_pool_counts_as_used_is_left_alone_for_five_minutes()
    {
        Node.Instead = asked => asked.Method == "eth_getTransactionCount"
            && Replies.ParametersOf(asked)[1].GetString() == "pending" ? Replies.Text("0x1") : null;
        _bench.Send(1);

        _bench.Mine(24);
        Assert.Single(Node.Pool);
        _bench.Mine(4);

        Assert.Equal([(0UL, -1), (1UL, 1)], _bench.Mined);
    }

    [Fact]
    public void The_filling_of_a_hole_goes_on_after_a_restart()
    {
        var isWrong = true;
        Node.Instead = asked => isWrong && asked.Method == "eth_getTransactionCount"
            && Replies.ParametersOf(asked)[1].GetString() == "pending" ? Replies.Text("0x1")
            : asked.Method == Send && TransactionBench.DataOf(asked).IsEmpty ? Replies.Text("0x12") : null;
        _bench.Send(1);
        isWrong = false;
        _bench.Mine(5);
        Assert.Equal(2, _bench.Journal.Open.Count());
        Node.Instead = _ => null;
        _bench.Restart();

        _bench.Mine(3);

        Assert.Equal([(0UL, -1), (1UL, 1)], _bench.Mined);
    }

    // The machine's disk is full: a proof that is sent twice costs gas, one that is not sent costs collateral.
    [Fact]
    public void A_proof_is_sent_also_when_it_cannot_be_noted()
    {
        _bench.Send(1);
        _bench.Mine();
        _bench.Journal.Failure = new IOException("no space left on device");
        var proof = _bench.Send(2, Proof(2).Purpose);
        var other = _bench.Send(3);

        _bench.Mine(10);

        TransactionBench.Landed(proof);
        Assert.Contains("no space left on device", TransactionBench.NotSent(other).Detail, StringComparison.Ordinal);
        Assert.Contains(_bench.Notices, notice => notice.Kind == TransactionNoticeKind.Trouble
            && notice.Detail.Contains("no space left on device", StringComparison.Ordinal));
    }

    private List<Task<TransactionReply>> Want(params TransactionIntent[] intents)
    {
        List<Task<TransactionReply>> replies = [];
        _bench.Time.Run(() =>
        {
            replies.AddRange(intents.Select(intent => _bench.Manager.SubmitAsync(intent, CancellationToken.None)));
            return Task.CompletedTask;
        });
        return replies;
    }

    private static TransactionIntent Proof(int number, ulong until = 1_100) =>
        TransactionBench.Intent(number, Purpose(TransactionKind.SubmitProof, number) with { Period = 5 }) with
        {
            Until = new UnixSeconds(until),
        };

    private static TransactionPurpose Purpose(TransactionKind kind, int number) =>
        TransactionBench.Reserve(number) with { Kind = kind };

    private static ulong NonceOf(RpcRequest sent)
    {
        var raw = Replies.ParametersOf(sent)[0].GetString()!;
        Assert.True(new SignedTransaction([.. Convert.FromHexString(raw[2..])]).TryGetUnsigned(out var transaction));
        return transaction.Nonce;
    }
}
