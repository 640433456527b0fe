using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Tests.Calls;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests;

/// <summary>How fills are allowed to take their collateral.</summary>
public sealed class EthereumMarketFillTests : EthereumMarketBench
{
    private static readonly Address _token = FakeMarketplace.Token;

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
                "eth_feeHistory", "eth_maxPriorityFeePerGas", "eth_getBalance", "eth_call", "eth_call"],
                ["eth_sendRawTransaction", "eth_sendRawTransaction"]],
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
    public void The_fills_of_a_moment_share_an_approval_and_what_it_cost()
    {
        var book = new GasBook();
        using var booking = _market.TransactionNotices.Subscribe(book.Note);
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

        // Each transaction costs 50,000 gas at 1 gwei.
        Assert.All(
            new ulong[] { 1, 0, 2 },
            slot => Assert.Equal(50_000_000_000_000UL + (50_000_000_000_000UL / 3), (ulong)book.Close(Slot(slot))));
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
            var run = new EthereumMarketFillTests();
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
}
