using System.Reactive.Concurrency;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Market;
using CodexSales.Rx.Proving;
using CodexSales.Rx.Testing;

namespace CodexSales.Rx.Ethereum.Tests;

public sealed class EthereumMarketTests
{
    private static readonly Groth16Proof _proof = new(1, 2, 3, 4, 5, 6, 7, 8);
    private static readonly Address _token = FakeMarketplace.Token;

    private readonly VirtualTime _time = new();
    private readonly MemoryJournal _journal = new();
    private readonly FakeNode _node;
    private readonly FakeMarketplace _contract;
    private readonly List<TransactionNotice> _notices = [];
    private EthereumMarket _market;

    public EthereumMarketTests()
    {
        _node = new FakeNode(_time, LaneBench.Account) { BlockSeconds = 0 };
        _contract = new FakeMarketplace(_node);
        _market = Start(new TransactionOptions());
    }

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
            [12, 4, 1], _node.Messages.Skip(before).Take(3).Select(message => message.Count));
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

        Assert.Equal([1800, 203, 200], _node.Messages.Skip(before).Select(message => message.Count));
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

    [Fact]
    public void A_fill_is_allowed_just_what_it_takes()
    {
        var reply = Fill(0, 500);
        Mine(2);

        Assert.IsType<TransactionLanded>(Outcome(reply));
        Assert.Equal([FakeMarketplace.Approve, FakeMarketplace.Fill], _contract.SelectorsMined);
        Assert.Equal([(UInt256)500], _contract.Approvals);
        Assert.Equal(0UL, _contract.Allowance);
    }

    [Fact]
    public void An_approval_goes_out_with_its_fill_and_before_it_two_round_trips_after_the_data_is_there()
    {
        Value(Do(market => market.GetRulesAsync(CancellationToken.None)));
        Mine();
        var (begin, before) = (_time.Elapsed, _node.Messages.Count);

        var reply = Fill(0, 500);

        Assert.Equal(
            [["eth_getTransactionCount", "eth_getTransactionCount", "eth_estimateGas", "eth_call", "eth_estimateGas",
                "eth_feeHistory"], ["eth_sendRawTransaction", "eth_sendRawTransaction"]],
            _node.Messages.Skip(before).Select(message => message.Select(asked => asked.Method)));
        Assert.Equal([_token, Recording.Marketplace], _node.Pool.Select(sent => sent.Transaction.To));
        Assert.Equal([200_000UL, 1_000_000UL], _node.Pool.Select(sent => sent.Transaction.GasLimit));
        Assert.Equal(2 * FakeNode.Latency, _journal[1].Attempts[0].SentAt + FakeNode.Latency - VirtualTime.Start - begin);
        Mine();
        Assert.IsType<TransactionLanded>(Outcome(reply));
    }

    [Fact]
    public void A_fill_that_is_allowed_already_has_the_gas_that_is_estimated()
    {
        _market.Dispose();
        _market = Start(new TransactionOptions { StandingAllowance = 1_000_000 });
        Fill(0, 500);
        Mine();

        Fill(1, 500);

        Assert.Equal(110_000UL, Assert.Single(_node.Pool).Transaction.GasLimit);
    }

    [Fact]
    public void An_approval_that_fails_in_its_block_is_tried_again_with_its_fill()
    {
        var reply = Fill(0, 500);
        var failures = 1;
        _node.Afterwards = asked => asked.Method == "eth_call" && IsOf(asked, FakeMarketplace.Fill) && failures-- > 0
            ? Replies.Revert($"0xfb8f41b2{new string('0', 64)}{0:x64}{500:x64}")
            : null;
        _contract.Reverts = data => _node.Head.Number <= 101
            && (data.StartsWith(FakeMarketplace.Approve, StringComparison.Ordinal)
                || data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal));
        Mine();
        Assert.False(reply.IsCompleted);

        Mine();

        Assert.IsType<TransactionLanded>(Outcome(reply));
        Assert.Equal([500, 500], _contract.Approvals.Select(amount => (ulong)amount));
    }

    // The fill after it is in flight, and would fail without it.
    [Fact]
    public void An_approval_that_the_node_refuses_for_now_gets_its_nonce_all_the_same()
    {
        var refusals = 1;
        _node.Instead = Before(_node.Instead, asked => asked.Method == "eth_sendRawTransaction" && refusals-- > 0
            ? Replies.Error(-32000, "txpool is full")
            : null);
        var reply = Fill(0, 500);
        Do(market => market.ReserveSlotAsync(Slot(3), CancellationToken.None));
        _time.AdvanceBy(TimeSpan.FromSeconds(3));

        Mine(2);

        Assert.IsType<TransactionLanded>(Outcome(reply));
        Assert.Equal(0UL, _contract.Allowance);
    }

    [Fact]
    public void The_fills_of_a_moment_share_an_approval()
    {
        List<Task<TransactionOutcome>> replies = [];
        foreach (var slot in new ulong[] { 0, 1, 2 })
        {
            _contract.Collateral[Slot(slot)] = 500 + slot;
        }

        Do(market =>
        {
            replies.AddRange(new ulong[] { 0, 1, 2 }.Select(
                slot => market.FillSlotAsync(Slot(slot), _proof, 500 + slot, CancellationToken.None)));
            return Task.FromResult(0);
        });
        Mine();

        Assert.All(replies, reply => Assert.IsType<TransactionLanded>(Outcome(reply)));
        Assert.Equal([1503UL], _contract.Approvals.Select(amount => (ulong)amount));
        Assert.Equal(0UL, _contract.Allowance);
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
    public void Fills_at_the_same_time_are_allowed_their_sum_together()
    {
        List<Task<TransactionOutcome>> replies = [Fill(0, 500), Fill(1, 70), Fill(2, 6)];
        Mine(6);

        Assert.All(replies, reply => Assert.IsType<TransactionLanded>(Outcome(reply)));
        Assert.Equal(0UL, _contract.Allowance);
        Assert.Equal(3, _contract.SelectorsMined.Count(selector => selector == FakeMarketplace.Fill));
    }

    [Fact]
    public void The_allowance_of_a_fill_that_failed_is_not_added_to()
    {
        FailInItsBlock(500);

        var larger = Fill(1, 600);
        Mine(2);

        Assert.IsType<TransactionLanded>(Outcome(larger));
        Assert.Equal([500, 600], _contract.Approvals.Select(amount => (ulong)amount));
        Assert.Equal(0UL, _contract.Allowance);
    }

    [Fact]
    public void An_allowance_that_is_left_over_is_used()
    {
        FailInItsBlock(500);

        var smaller = Fill(1, 400);
        Mine();

        Assert.IsType<TransactionLanded>(Outcome(smaller));
        Assert.Single(_contract.Approvals);
        Assert.Equal(100UL, _contract.Allowance);
    }

    [Fact]
    public void Nothing_is_allowed_for_a_fill_that_is_refused_before_it_is_sent()
    {
        _contract.Refusal = data =>
            data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal) ? "0xff556acf" : null;

        var refused = Fill(0, 500);

        Assert.Equal(MarketRefusal.SlotNotFree, Assert.IsType<TransactionRefused>(Outcome(refused)).Reason);
        Assert.Empty(_node.Sends);
    }

    [Fact]
    public void A_standing_allowance_is_given_once()
    {
        _market.Dispose();
        _market = Start(new TransactionOptions { StandingAllowance = 1_000_000 });
        for (ulong slot = 0; slot < 3; slot++)
        {
            var reply = Fill(slot, 500);
            Mine(2);
            Assert.IsType<TransactionLanded>(Outcome(reply));
        }

        Assert.Equal([(UInt256)1_000_000], _contract.Approvals);
        Assert.Equal(998_500UL, _contract.Allowance);
    }

    [Fact]
    public void A_standing_allowance_that_is_too_small_for_a_fill_gives_way()
    {
        _market.Dispose();
        _market = Start(new TransactionOptions { StandingAllowance = 100 });

        var reply = Fill(0, 500);
        Mine(2);

        Assert.IsType<TransactionLanded>(Outcome(reply));
        Assert.Equal([(UInt256)500], _contract.Approvals);
    }

    [Fact]
    public void An_account_without_tokens_is_told_what_is_missing()
    {
        var shortfall = $"0xe450d38c{new string('0', 64)}{5:x64}{500:x64}";
        _contract.Refusal = data =>
            data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal) ? shortfall : null;
        var reply = Fill(0, 500);
        Mine(2);

        var refused = Assert.IsType<TransactionRefused>(Outcome(reply));

        Assert.Equal(MarketRefusal.InsufficientFunds, refused.Reason);
        Assert.Contains(
            "the account has too few tokens: 500 are needed, 5 are there", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_allowance_that_somebody_took_back_is_given_again()
    {
        var first = true;
        _contract.Refusal = data =>
        {
            var isTaken = first && data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal);
            first &= !isTaken;
            return isTaken ? $"0xfb8f41b2{new string('0', 64)}{0:x64}{500:x64}" : null;
        };

        var reply = Fill(0, 500);
        Mine(4);

        Assert.IsType<TransactionLanded>(Outcome(reply));
    }

    [Fact]
    public void An_approval_that_is_refused_ends_the_fill()
    {
        _contract.Refusal = data =>
            data.StartsWith(FakeMarketplace.Approve, StringComparison.Ordinal) ? "0xe602df05" : null;

        var refused = Assert.IsType<TransactionRefused>(Outcome(Fill(0, 500)));

        Assert.Contains("ERC20InvalidApprover", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fill_that_is_in_flight_is_joined_after_a_restart_without_another_approval()
    {
        Fill(0, 500);
        Assert.Contains(_node.Pool, sent => sent.Transaction.To == Recording.Marketplace);
        _market.Dispose();
        _market = Start(new TransactionOptions());

        var again = Fill(0, 500);
        Mine(2);

        Assert.IsType<TransactionLanded>(Outcome(again));
        Assert.Equal([FakeMarketplace.Approve, FakeMarketplace.Fill], _contract.SelectorsMined);
    }

    [Fact]
    public void What_was_in_flight_before_a_restart_takes_nothing_of_what_is_allowed_to_another_fill()
    {
        Fill(0, 500);
        _market.Dispose();
        _market = Start(new TransactionOptions());

        var larger = Fill(1, 600);
        Mine(2);

        Assert.IsType<TransactionLanded>(Outcome(larger));
        Assert.Equal([500, 600], _contract.Approvals.Select(amount => (ulong)amount));
        Assert.Equal(0UL, _contract.Allowance);
    }

    // Fills of random size at random moments, some of which fail: what is allowed at the end is never more than what
    // those left that failed.
    [Fact]
    public void The_allowance_never_grows()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var run = new EthereumMarketTests();
            var random = new Random(seed);
            var failing = new HashSet<ulong>();
            run._contract.Refusal = data => data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal)
                && failing.Contains(Abi.RecordedCalls.Number(data, 1)) ? "0xff556acf" : null;
            var most = 0UL;
            List<Task<TransactionOutcome>> replies = [];
            for (ulong slot = 0; slot < 12; slot++)
            {
                if (random.Next(3) == 0)
                {
                    failing.Add(slot);
                }

                var amount = (ulong)random.Next(1, 1000);
                most += amount;
                replies.Add(run.Fill(slot, amount));
                run.Mine(random.Next(3));
            }

            run.Mine(40);

            Assert.All(replies, (reply, slot) => Assert.Equal(
                failing.Contains((ulong)slot),
                Outcome(reply) is TransactionRefused { Reason: MarketRefusal.SlotNotFree }));
            Assert.True(run._contract.Allowance <= failing.Select(slot => run._contract.Collateral[Slot(slot)])
                .Aggregate(UInt256.Zero, (left, right) => left + right));
            Assert.All(run._contract.Approvals, amount => Assert.True(amount <= most));
        }
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

    private Task<TransactionOutcome> Fill(ulong slot, UInt256 collateral)
    {
        _contract.Collateral[Slot(slot)] = collateral;
        return Do(market => market.FillSlotAsync(Slot(slot), _proof, collateral, CancellationToken.None));
    }

    private Task<T> Do<T>(Func<EthereumMarket, Task<T>> call)
    {
        var reply = Start(call);
        _time.AdvanceBy(TimeSpan.FromSeconds(1));
        return reply;
    }

    private Task<T> Start<T>(Func<EthereumMarket, Task<T>> call)
    {
        TaskCompletionSource<T> reply = new();
        _time.Schedule(async () =>
        {
            try
            {
                reply.SetResult(await call(_market));
            }
            catch (MarketUnavailableException unavailable)
            {
                reply.SetException(unavailable);
            }
        });
        return reply.Task;
    }

    private void Mine(int blocks = 1)
    {
        for (; blocks > 0; blocks--)
        {
            _time.AdvanceBy(TimeSpan.FromSeconds(11));
            _node.Mine();
            _time.AdvanceBy(TimeSpan.FromSeconds(1));
        }
    }

    private void FailInItsBlock(ulong collateral)
    {
        var failed = Fill(0, collateral);
        _contract.Reverts = data => data.StartsWith(FakeMarketplace.Fill, StringComparison.Ordinal)
            && Abi.RecordedCalls.Number(data, 1) == 0;
        Mine(2);
        Assert.Equal(MarketRefusal.SlotNotFree, Assert.IsType<TransactionRefused>(Outcome(failed)).Reason);
        Assert.Equal(collateral, _contract.Allowance);
    }

    private static Func<RpcRequest, RpcReply?> Before(
        Func<RpcRequest, RpcReply?> then, Func<RpcRequest, RpcReply?> first) => asked => first(asked) ?? then(asked);

    private static bool IsOf(RpcRequest asked, string selector) =>
        Replies.CallDataOf(asked).StartsWith(selector, StringComparison.Ordinal);

    private static SlotKey Slot(ulong index) => new(FakeMarketplace.Request, index);

    private static TransactionOutcome Outcome(Task<TransactionOutcome> reply) => Value(reply);

    private static T Value<T>(Task<T> reply)
    {
        Assert.True(reply.IsCompletedSuccessfully, $"{reply.Status}");
        return reply.GetAwaiter().GetResult();
    }

    private EthereumMarket Start(TransactionOptions options)
    {
        var market = new EthereumMarket(
            _node,
            new ContractLocation(31_337, Recording.Marketplace),
            new StampSigner(LaneBench.Account),
            _journal,
            options,
            Observable.Never<MarketEvent>(),
            _node.Heads,
            _node.FinalHeads,
            _time);
        market.TransactionNotices.Subscribe(_notices.Add);
        _time.RunDue();
        return market;
    }
}
