using CodexSales.Rx.Ethereum.Eth;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Store;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Transactions;

/// <summary>What is no answer yet: receipts that are missing, blocks that come fast, words that pass.</summary>
public sealed class TransactionDoubtTests : TransactionTests
{
    [Fact]
    public void A_transaction_of_another_program_that_used_the_nonce_is_found_within_two_blocks_and_named()
    {
        var reply = _bench.Send(1);
        var foreign = Foreign(0);
        _bench.Mine(3);

        Assert.Contains(
            $"Another transaction of the account, {foreign}, used nonce 0",
            TransactionBench.NotSent(reply).Detail,
            StringComparison.Ordinal);
        Assert.Equal(
            Node.Head.Time.Value - 12, 1_000 + (ulong)(_bench.Notices[^1].At - VirtualTime.Start).TotalSeconds);

        // What is wanted again has the next nonce; the old one is watched until the block stays for good.
        var again = _bench.Send(1);
        _bench.Mine();
        TransactionBench.Landed(again);
        Assert.Equal(2, _bench.Journal.Open.Count());
        _bench.Mine(11);
        Assert.Equal(TransactionEndKind.Superseded, _bench.Journal[0].End?.Kind);
        Assert.Equal(2, Node.Sends.Count());
    }

    [Fact]
    public void It_goes_on_when_a_reorganisation_takes_the_other_programs_transaction_back()
    {
        _bench.Send(1);
        Foreign(0);
        _bench.Mine(3);
        Node.TakeBack(3, isKept: false);
        Node.Mine();
        _bench.Settle();

        _bench.Mine(3);

        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Equal(TransactionNoticeKind.Landed, _bench.NoticeKinds.Last());
    }

    // Neither by hash nor by nonce: the contract is asked as of a block that stays, and long after.
    [Theory]
    [InlineData(null)]
    [InlineData("0x424a04ab")]
    public void What_is_found_nowhere_is_never_called_another_programs_and_the_contract_decides(string? revert)
    {
        var reply = _bench.Send(1);
        Node.DropPool();
        Node.SendElsewhere(1);
        _bench.Mine(13);
        Assert.IsType<TransactionInDoubt>(TransactionBench.Outcome(reply));
        Node.Revert = (_, _) => revert;
        var again = _bench.Send(1);
        _bench.Mine(12);
        Assert.False(again.IsCompleted);

        _bench.Mine();

        Assert.Contains(
            revert is null
                ? "the contract would still take it"
                : "would revert with SlotReservations_ReservationNotAllowed",
            _bench.Notices[^1].Detail,
            StringComparison.Ordinal);
        Assert.Equal(revert is null, TransactionBench.Outcome(again) is TransactionNotSent);
        Assert.DoesNotContain(TransactionNoticeKind.Superseded, _bench.NoticeKinds);
        Assert.Empty(_bench.Journal.Open);
        Assert.Single(Node.Sends);
    }

    // Blocks every quarter of a second: what is final by their number came half a minute ago.
    [Fact]
    public void A_receipt_that_is_missing_for_many_blocks_is_not_missing_for_long()
    {
        _bench.Send(1);
        Node.DropPool();
        Node.SendElsewhere(1);
        for (var i = 0; i < 480; i++)
        {
            _bench.Time.AdvanceBy(TimeSpan.FromSeconds(0.25));
            Node.Mine();
        }

        Assert.Single(_bench.Journal.Open);
        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(4));
        Assert.Empty(_bench.Journal.Open);
    }

    [Fact]
    public void A_revert_that_the_node_can_not_replay_is_not_told_as_one_that_does_not_revert()
    {
        var reply = _bench.Send(1);
        Node.Revert = (_, _) => "0x424a04ab";
        Node.Instead = asked => asked.Method == "eth_call" ? Replies.Error(-32000, "missing trie node 5a7f") : null;

        _bench.Mine(2);

        Assert.EndsWith(
            ": it could not be replayed: the node says \"missing trie node 5a7f\".",
            TransactionBench.NotSent(reply).Detail,
            StringComparison.Ordinal);
    }

    // Landed, and the node has no receipts of it: for an hour, or for ever; it may know the transaction, or show its block.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transaction_of_ours_that_landed_is_in_doubt_and_never_gone_for_want_of_a_receipt(bool isKnown)
    {
        var reply = _bench.Send(1);
        Node.Instead = asked => asked.Method == "eth_getTransactionReceipt"
            || (!isKnown && asked.Method == "eth_getTransactionByHash") ? Replies.Null : null;
        _bench.Mine(14);
        Assert.IsType<TransactionInDoubt>(TransactionBench.Outcome(reply));
        _bench.Mine(300);
        Assert.DoesNotContain(TransactionNoticeKind.Superseded, _bench.NoticeKinds);
        Assert.Single(_bench.Journal.Open);
        var again = _bench.Send(1);
        Node.Instead = _ => null;

        _bench.Mine();

        TransactionBench.Landed(again);
        Assert.Equal([(0UL, 1)], _bench.Mined);
    }

    // Forty blocks are not final here: one that is 13 deep, and looked at no more, is taken back.
    [Fact]
    public void What_landed_is_sent_again_by_the_same_bytes_when_it_falls_out_of_the_chain_before_it_is_final()
    {
        Node.FinalDepth = 40;
        var reply = _bench.Send(1);
        _bench.Mine(14);
        TransactionBench.Landed(reply);
        var looks = Looks();
        _bench.Mine(6);
        Assert.Equal(looks, Looks());

        Node.TakeBack(20, isKept: false);
        Node.Mine(19);
        _bench.Settle();
        _bench.Mine(2);

        Assert.Equal([(0UL, 1)], _bench.Mined);
        Assert.Contains(TransactionNoticeKind.Reorganised, _bench.NoticeKinds);
        Assert.Single(Node.Sends.DistinctBy(asked => Replies.ParametersOf(asked).GetRawText()));
        Assert.Single(_bench.Journal.Open);
        _bench.Mine(40);
        Assert.Equal(TransactionEndKind.Landed, _bench.Journal[0].End?.Kind);
    }

    // The node does not answer to the one look after blocks were replaced, and no other block comes.
    [Fact]
    public void What_a_reorganisation_may_have_taken_back_is_looked_at_again_also_when_no_block_comes()
    {
        _bench.Send(1);
        _bench.Mine();
        Node.TakeBack(1, isKept: false);
        Node.Instead = _ => new RpcNoAnswer("Away.", MayHaveArrived: false);
        Node.Mine();
        _bench.Settle();
        Node.Instead = _ => null;
        Assert.Empty(Node.Pool);

        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(20));

        Assert.Single(Node.Pool);
    }

    [Fact]
    public void Blocks_that_come_fast_make_nothing_dearer()
    {
        Node.Instead = asked => asked.Method == Send ? Replies.Text("0x12") : null;
        _bench.Send(1);

        for (var i = 0; i < 160; i++)
        {
            _bench.Time.AdvanceBy(TimeSpan.FromSeconds(0.25));
            Node.Mine();
        }

        _bench.Settle();
        Assert.Single(_bench.Journal[0].Attempts);
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(10));
        Node.Mine();
        _bench.Settle();
        Assert.Equal(2, _bench.Journal[0].Attempts.Length);
    }

    [Fact]
    public void Those_behind_one_that_is_stuck_are_not_made_dearer()
    {
        Node.Instead = asked => asked.Method == Send && TransactionBench.DataOf(asked)[^1] == 1 ? Replies.Text("0x12") : null;
        _bench.Send(1);
        _bench.Send(2);

        _bench.Mine(36);

        Assert.True(_bench.Journal[0].Attempts.Length > 3);
        Assert.Single(_bench.Journal[1].Attempts);
    }

    [Theory]
    [InlineData("INTERNAL_ERROR: could not replace existing tx")]
    [InlineData("future transaction tries to replace pending")]
    [InlineData("gapped-nonce tx from delegated accounts")]
    [InlineData("There are too many transactions in the queue.")]
    [InlineData("account sender limit exceeded")]
    [InlineData("header not found")]
    [InlineData("missing trie node 14c7")]
    [InlineData("replacement transaction underpriced")]
    [InlineData("txpool is full")]
    public void Words_of_a_pool_that_pass_do_not_end_what_was_wanted(string said)
    {
        var times = 0;
        Node.Instead = asked => asked.Method == Send && times++ < 2 ? Replies.Error(-32000, said) : null;
        var reply = _bench.Send(1);

        _bench.Mine(8);

        TransactionBench.Landed(reply);
    }

    [Fact]
    public void A_base_fee_over_the_limit_passes()
    {
        Node.BaseFee = 501_000_000_000;

        var unsent = TransactionBench.NotSent(_bench.Send(1));

        Assert.EndsWith(
            " was not sent. A unit of gas costs 501 gwei, and the limit is 500 gwei.", unsent.Detail,
            StringComparison.Ordinal);
        Assert.Equal([TransactionNoticeKind.NotSent], _bench.NoticeKinds);
        Node.BaseFee = 10_000_000_000;
        _bench.Mine();
        var later = _bench.Send(1);
        _bench.Mine();
        TransactionBench.Landed(later);
    }

    [Fact]
    public void So_does_a_price_over_the_limit_on_a_chain_without_a_base_fee()
    {
        Node.Instead = asked => asked.Method == "eth_feeHistory" ? Replies.Error(-32601, "the method does not exist")
            : asked.Method == "eth_gasPrice" ? Replies.Text("0xe8d4a51000") : null;
        var reply = _bench.Send(1);

        _bench.Time.AdvanceBy(TimeSpan.FromMinutes(1));

        Assert.Contains("costs 1000 gwei", TransactionBench.NotSent(reply).Detail, StringComparison.Ordinal);
        Assert.Empty(Node.Sends);
    }

    // As proxies do it, who repeat the question, or name a trace.
    [Theory]
    [InlineData("{\"request\":{\"to\":\"0x59b670e9fa9d0a427751af201d676719a970857b\"}}")]
    [InlineData("{\"traceId\":\"0xabcdef0123\"}")]
    public void A_rate_limit_is_no_revert_whatever_comes_with_it(string data)
    {
        var fails = 1;
        Node.Instead = asked => asked.Method == "eth_estimateGas" && fails-- > 0
            ? Replies.Error(-32005, "rate limit exceeded, try again", data)
            : null;
        var reply = _bench.Send(1);

        _bench.Mine(2);

        TransactionBench.Landed(reply);
    }

    // Besu and old nodes estimate as of no block but their own.
    [Fact]
    public void A_node_that_takes_no_block_with_an_estimate_is_asked_without_one_from_then_on()
    {
        Node.Instead = asked => asked.Method == "eth_estimateGas" && Replies.ParametersOf(asked).GetArrayLength() > 1
            ? Replies.Error(-32602, "too many arguments, want at most 1")
            : null;
        _bench.Send(1);
        _bench.Send(2);
        _bench.Mine(2);

        Assert.Equal([(0UL, 1), (1UL, 2)], _bench.Mined);
        Assert.Equal(
            [2, 1, 1],
            Node.Asked.Where(asked => asked.Method == "eth_estimateGas")
                .Select(asked => Replies.ParametersOf(asked).GetArrayLength()));
    }

    [Fact]
    public void A_node_behind_the_newest_block_does_not_estimate_as_of_another_one()
    {
        var lags = 1;
        Node.Instead = asked => asked.Method == "eth_estimateGas" && lags-- > 0
            ? Replies.Error(-32000, "header for hash not found")
            : null;
        var reply = _bench.Send(1);
        _bench.Time.AdvanceBy(TimeSpan.FromSeconds(2));
        _bench.Mine();

        TransactionBench.Landed(reply);
        Assert.All(
            Node.Asked.Where(asked => asked.Method == "eth_estimateGas"),
            asked => Assert.Equal(2, Replies.ParametersOf(asked).GetArrayLength()));
    }

    [Theory]
    [InlineData("0x0", "0x0")]
    [InlineData("0xffffffffffffffff", "0x1")]
    public void An_odd_receipt_brings_nothing_down(string block, string status)
    {
        _bench.Send(1);
        var hash = Node.Head.Hash;
        Node.Instead = asked => asked.Method == "eth_getTransactionReceipt"
            ? Replies.Result(
                $$"""{"blockNumber":"{{block}}","blockHash":"{{hash}}","status":"{{status}}","gasUsed":"0xc350"}""")
            : null;

        _bench.Mine(2);

        Assert.NotEmpty(_bench.Notices);
    }

    // What says that it reverted would end a sale, and what says that it is in an old block would end the watching.
    [Theory]
    [InlineData("0x73", "0x0", "0x0000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("0x73", "0x0", "none")]
    [InlineData("0x1", "0x0", null)]
    [InlineData("0x1", "0x1", null)]
    [InlineData("0xffffffffffffffff", "0x1", null)]
    public void A_receipt_of_another_transaction_or_block_is_none(string block, string status, string? transaction)
    {
        _bench.Mine(14);
        var reply = _bench.Send(1);
        Node.Instead = asked => asked.Method == "eth_getTransactionReceipt"
            ? Replies.Result(
                $$"""
                {"blockNumber":"{{block}}","blockHash":"{{Node.Head.Hash}}","status":"{{status}}","gasUsed":"0xc350"
                {{(transaction is null ? "" : $",\"transactionHash\":\"{transaction}\"")}}}
                """)
            : null;
        _bench.Mine(2);
        Assert.False(reply.IsCompleted);
        Assert.Single(_bench.Journal.Open);

        Node.Instead = _ => null;
        _bench.Mine(14);

        TransactionBench.Landed(reply);
        Assert.Single(Node.Mined);
    }

    // Takes the place of the pool's transaction of a nonce.
    private Domain.Bytes32 Foreign(ulong nonce)
    {
        var transaction = new UnsignedTransaction
        {
            ChainId = 31_337, Nonce = nonce, To = TransactionBench.Account, GasLimit = 21_000,
            Fees = new DynamicFees(50_000_000_000, 1),
        };
        var hash = transaction.Sign(isYOdd: true, r: 7, s: 8).GetHash();
        Node.Offer(new PooledTransaction(hash, transaction));
        return hash;
    }

    private int Looks() => Node.Asked.Count(asked => asked.Method == "eth_getTransactionReceipt");
}
