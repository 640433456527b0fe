using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

public sealed class EthereumMarketTests : EthereumMarketBench
{
    [Fact]
    public void A_slot_is_reserved()
    {
        var reply = Do(market => market.ReserveSlotAsync(Slot(0), CancellationToken.None));
        Mine();

        Assert.Equal(new TransactionLanded(_node.Head.Stamp), Outcome(reply));
        Assert.Equal(["0x12827602"], _contract.SelectorsMined);
    }

    [Fact]
    public void What_cannot_be_asked_before_it_is_sent_is_not_sent_and_does_not_fault()
    {
        _contract.Unavailable = asked => asked.Method is "eth_call" or "eth_estimateGas"
            ? new RpcNoAnswer("Away.", MayHaveArrived: false)
            : null;
        List<Task<TransactionOutcome>> replies =
        [
            Do(market => market.ReserveSlotAsync(Slot(0), CancellationToken.None)),
            Do(market => market.FillSlotAsync(Slot(0), _proof, 10, CancellationToken.None)),
            Do(market => market.SubmitProofAsync(Slot(0), 7, _proof, CancellationToken.None)),
            Do(market => market.FreeSlotAsync(Slot(0), CancellationToken.None)),
        ];

        _time.AdvanceBy(TimeSpan.FromMinutes(2));

        Assert.All(replies, reply => Assert.EndsWith(
            "Away.", Assert.IsType<TransactionNotSent>(Outcome(reply)).Detail, StringComparison.Ordinal));
        Assert.Empty(_node.Sends);
    }

    [Fact]
    public void A_view_and_an_offer_cost_a_message_each_once_the_contract_is_known()
    {
        Value(Do(market => market.GetRulesAsync(CancellationToken.None)));
        var before = _node.Messages.Count;

        var view = Value(Do(market => market.GetSlotAsync(Slot(0), _node.Head.Stamp, CancellationToken.None)));
        Assert.Equal(before + 1, _node.Messages.Count);
        var offer = Value(Do(market => market.GetOfferAsync(Slot(0), _node.Head.Stamp, CancellationToken.None)));
        Assert.Equal(before + 2, _node.Messages.Count);

        Assert.Equal((_node.Head.Stamp, view), (view.AsOf, offer.View));
        Assert.Equal(_node.Head.Time.Value / 10, view.Demand?.Period);
        Assert.Equal(((UInt256)123, true), (offer.Funds, offer.MayReserve));
        Assert.Equal(FakeMarketplace.Request, RequestId.Of(offer.Request!));
    }

    [Fact]
    public void From_a_told_block_to_the_reservation_sent_it_is_three_round_trips()
    {
        Value(Do(market => market.GetRulesAsync(CancellationToken.None)));
        Mine();
        var (begin, before) = (_time.Elapsed, _node.Messages.Count);
        var sentAt = default(TimeSpan);
        _contract.Unavailable = asked =>
        {
            sentAt = asked.Method == "eth_sendRawTransaction" ? _time.Elapsed : sentAt;
            return null;
        };

        var reply = Do(async market =>
        {
            await market.GetOfferAsync(Slot(0), _node.Head.Stamp, CancellationToken.None);
            return await market.ReserveSlotAsync(Slot(0), CancellationToken.None);
        });

        Assert.Equal(
            [12, 8, 1], _node.Messages.Skip(before).Take(3).Select(message => message.Count));
        Assert.Equal(3 * FakeNode.Latency, sentAt - begin);
        Mine();
        Assert.IsType<TransactionLanded>(Outcome(reply));
    }

    // All looks in one message, all estimates in one, all proofs in one.
    [Fact]
    public void From_the_first_block_of_a_period_to_two_hundred_proofs_sent_it_is_three_round_trips_and_proving()
    {
        Value(Do(market => market.GetRulesAsync(CancellationToken.None)));
        Mine();
        var period = _node.Head.Time.Value / 10;
        var before = _node.Messages.Count;

        var replies = Enumerable.Range(0, 200).Select(index => Slot((ulong)index)).Select(slot => Start(async market =>
        {
            await market.GetSlotAsync(slot, _node.Head.Stamp, CancellationToken.None);
            return await market.SubmitProofAsync(slot, period, _proof, CancellationToken.None);
        })).ToList();
        _time.AdvanceBy(3 * FakeNode.Latency);

        Assert.Equal([1800, 207, 200], _node.Messages.Skip(before).Select(message => message.Count));
        Assert.Equal(200, _node.Pool.Count);
        Mine();
        Assert.All(replies, reply => Assert.IsType<TransactionLanded>(Outcome(reply)));
    }

    [Fact]
    public void A_block_that_the_node_does_not_know_is_no_answer_and_no_other_one_is_asked_about()
    {
        var unknown = _node.Head.Stamp with { Hash = LogText.BlockHashValue };

        var view = Do(market => market.GetSlotAsync(Slot(0), unknown, CancellationToken.None));

        Assert.IsType<MarketUnavailableException>(view.Exception?.InnerException);
        Assert.DoesNotContain(
            _node.Asked,
            asked => Replies.ParametersOf(asked).GetRawText().Contains("pending", StringComparison.Ordinal));
    }

    // The recorded pointer is 0: in 255 blocks it is 255, and then another block's hash is the challenge.
    [Fact]
    public void A_proof_is_not_sent_when_the_next_block_has_another_challenge()
    {
        Value(Do(market => market.GetSlotAsync(Slot(0), _node.Head.Stamp, CancellationToken.None)));
        var period = _node.Head.Time.Value / 10;
        Mine(254);
        var inTime = Do(market => market.SubmitProofAsync(Slot(0), period, _proof, CancellationToken.None));
        Mine();
        Assert.IsType<TransactionLanded>(Outcome(inTime));

        var late = Do(market => market.SubmitProofAsync(Slot(0), period, _proof, CancellationToken.None));

        Assert.Equal(MarketRefusal.InvalidProof, Assert.IsType<TransactionRefused>(Outcome(late)).Reason);
        Assert.Single(_node.Sends);
    }

    [Fact]
    public void A_proof_is_not_sent_when_the_next_block_is_of_another_period()
    {
        _node.BlockSeconds = 12;
        Mine(2);

        var reply = Do(market => market.SubmitProofAsync(
            Slot(0), _node.Head.Time.Value / 10, _proof, CancellationToken.None));

        Assert.Equal(MarketRefusal.InvalidProof, Assert.IsType<TransactionRefused>(Outcome(reply)).Reason);
        Assert.Empty(_node.Sends);
    }

    [Fact]
    public void A_slot_that_is_freed_tells_what_it_paid()
    {
        var reply = Do(market => market.FreeSlotAsync(Slot(0), CancellationToken.None));
        Mine();

        Assert.Equal(
            new SlotPayout(70, 30), Assert.IsType<TransactionLanded>(Outcome(reply)).Payout);
    }

    [Fact]
    public void A_failed_slot_pays_nothing()
    {
        _contract.Pays = null;
        var reply = Do(market => market.FreeSlotAsync(Slot(0), CancellationToken.None));
        Mine();

        Assert.Null(Assert.IsType<TransactionLanded>(Outcome(reply)).Payout);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_slot_that_is_freed_by_anything_but_two_transfers_tells_no_payout(int transfers)
    {
        _contract.Transfers = transfers;
        var reply = Do(market => market.FreeSlotAsync(Slot(0), CancellationToken.None));
        Mine();

        Assert.Null(Assert.IsType<TransactionLanded>(Outcome(reply)).Payout);
    }

    [Fact]
    public void The_proof_of_a_period_is_sent_once_and_that_of_the_next_one_again()
    {
        var first = Do(market => market.SubmitProofAsync(Slot(0), 100, _proof, CancellationToken.None));
        var again = Do(market => market.SubmitProofAsync(Slot(0), 100, _proof, CancellationToken.None));
        var next = Do(market => market.SubmitProofAsync(Slot(0), 101, _proof, CancellationToken.None));
        Mine();

        Assert.All([first, again, next], reply => Assert.IsType<TransactionLanded>(Outcome(reply)));
        Assert.Equal(2, _node.Mined.Count());
        Assert.Equal([100UL, 101UL], _journal.Open.Select(entry => entry.Purpose.Period!.Value));
    }

    [Fact]
    public void Notices_tell_what_happens()
    {
        Do(market => market.ReserveSlotAsync(Slot(0), CancellationToken.None));
        Mine();

        Assert.Equal(
            [TransactionNoticeKind.Sent, TransactionNoticeKind.Landed], _notices.Select(notice => notice.Kind));
    }
}
