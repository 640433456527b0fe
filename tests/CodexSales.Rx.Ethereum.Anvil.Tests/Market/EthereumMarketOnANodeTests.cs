using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Market;

/// <summary>What a host does on the contract, on a real node.</summary>
public sealed class EthereumMarketOnANodeTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slot_is_reserved_filled_proved_and_paid(bool isSignedByNode)
    {
        await using var bench = await MarketBench.StartAsync(isSignedByNode);
        var market = bench.Market;
        var slot = await bench.RequestAsync();
        var before = (await bench.GetOfferAsync(slot)).Funds;

        AssertLanded(await market.ReserveSlotAsync(slot, Cancel).WaitAsync(MarketBench.Patience, Cancel));
        AssertLanded(await market.FillSlotAsync(slot, DeployedMarketplace.Proof, 2000, Cancel)
            .WaitAsync(MarketBench.Patience, Cancel));
        var filled = await bench.GetHeadAsync();
        Assert.Equal(bench.Host, (await market.GetSlotAsync(slot, filled, Cancel)).Host);
        var mine = await market.GetMySlotsAsync(filled, Cancel);
        var hosted = Assert.Single(await market.GetHostedSlotsAsync(mine, filled, Cancel));
        Assert.Equal(slot, hosted.Slot);

        await bench.Node.AdvanceAsync(MarketBench.PeriodSeconds);
        await bench.Node.MineAsync();
        var demand = (await bench.GetOfferAsync(slot)).View.Demand!;
        AssertLanded(await market.SubmitProofAsync(slot, demand.Period, DeployedMarketplace.Proof, Cancel)
            .WaitAsync(MarketBench.Patience, Cancel));

        await bench.Node.MineAtAsync(hosted.EndsAt.Plus(1));
        var freed = AssertLanded(await market.FreeSlotAsync(slot, Cancel).WaitAsync(MarketBench.Patience, Cancel));

        Assert.Equal(2000UL, freed.Payout?.Collateral);
        Assert.Equal(before + freed.Payout!.Reward, (await bench.GetOfferAsync(slot)).Funds);
        Assert.True(freed.Payout.Reward > 3_000_000);
        Assert.Equal(5UL, await bench.CountTransactionsAsync());
    }

    [Fact]
    public async Task A_reward_goes_to_another_account_and_the_collateral_comes_back()
    {
        var payee = Address.Parse("0x00000000000000000000000000000000000000cc");
        await using var bench = await MarketBench.StartAsync(payoutTo: payee);
        var slot = await bench.RequestAsync();
        var before = await bench.Contract.GetBalanceAsync(bench.Host);
        AssertLanded(await bench.Market.ReserveSlotAsync(slot, Cancel).WaitAsync(MarketBench.Patience, Cancel));
        AssertLanded(await bench.Market.FillSlotAsync(slot, DeployedMarketplace.Proof, 2000, Cancel)
            .WaitAsync(MarketBench.Patience, Cancel));
        var filled = await bench.GetHeadAsync();
        var hosted = Assert.Single(await bench.Market.GetHostedSlotsAsync([slot.SlotId], filled, Cancel));
        await bench.Node.MineAtAsync(hosted.EndsAt.Plus(1));

        var freed = AssertLanded(await bench.Market.FreeSlotAsync(slot, Cancel).WaitAsync(MarketBench.Patience, Cancel));

        Assert.Equal(freed.Payout?.Reward, await bench.Contract.GetBalanceAsync(payee));
        Assert.True(freed.Payout!.Reward > 3_000_000);
        Assert.Equal(before, await bench.Contract.GetBalanceAsync(bench.Host));
    }

    [Fact]
    public async Task What_the_contract_refuses_costs_nothing()
    {
        await using var bench = await MarketBench.StartAsync();
        var slot = await bench.RequestAsync();
        var market = bench.Market;
        AssertLanded(await market.ReserveSlotAsync(slot, Cancel).WaitAsync(MarketBench.Patience, Cancel));
        await bench.GetHeadAsync();

        Assert.Equal(
            MarketRefusal.ReservationNotAllowed,
            Assert.IsType<TransactionRefused>(await market.ReserveSlotAsync(slot, Cancel)).Reason);
        Assert.Equal(
            MarketRefusal.SlotIsFree,
            Assert.IsType<TransactionRefused>(await market.FreeSlotAsync(slot, Cancel)).Reason);
        Assert.Equal(1UL, await bench.CountTransactionsAsync());
    }

    [Fact]
    public async Task Four_slots_at_once_are_filled_with_allowances_that_leave_nothing()
    {
        await using var bench = await MarketBench.StartAsync();
        var first = await bench.RequestAsync(slots: 4);
        var slots = Enumerable.Range(0, 4).Select(index => first with { SlotIndex = (ulong)index }).ToList();

        var outcomes = await Task.WhenAll(slots.Select(async slot =>
        {
            AssertLanded(await bench.Market.ReserveSlotAsync(slot, Cancel));
            return await bench.Market.FillSlotAsync(slot, DeployedMarketplace.Proof, 2000, Cancel);
        })).WaitAsync(MarketBench.Patience, Cancel);

        Assert.All(outcomes, outcome => AssertLanded(outcome));
        var offer = await bench.GetOfferAsync(first);
        Assert.Equal(RequestState.Started, offer.View.RequestState);
        Assert.Equal(1_000_000_000UL - 8000UL, offer.Funds);
        var left = await bench.Node.CallAsync(bench.Host, bench.Contract.Token, Allowance(bench));
        Assert.True(left.All(digit => digit == 0));
    }

    [Fact]
    public async Task A_host_that_was_killed_with_a_transaction_in_the_pool_sends_it_once()
    {
        await using var bench = await MarketBench.StartAsync();
        var slot = await bench.RequestAsync();
        await bench.Node.SetAutomineAsync(false);
        var lost = bench.Market.ReserveSlotAsync(slot, Cancel);
        await bench.UntilAsync(() => Task.FromResult(!bench.Notices.IsEmpty));
        bench.Restart();
        Assert.IsType<TransactionInDoubt>(await lost);

        var again = bench.Market.ReserveSlotAsync(slot, Cancel);
        await bench.Node.MineAsync(2);

        // Where the block was faster than the question, the contract knows already.
        var outcome = await again.WaitAsync(MarketBench.Patience, Cancel);
        Assert.True(outcome is TransactionLanded
            or TransactionRefused { Reason: MarketRefusal.ReservationNotAllowed });
        Assert.Equal(1UL, await bench.CountTransactionsAsync());
        Assert.Contains(bench.Notices, notice => notice.Kind == TransactionNoticeKind.Landed);
    }

    [Fact]
    public async Task A_transaction_that_has_become_too_cheap_is_replaced()
    {
        await using var bench = await MarketBench.StartAsync();
        var slot = await bench.RequestAsync();
        await bench.Node.SetAutomineAsync(false);
        var reserved = bench.Market.ReserveSlotAsync(slot, Cancel);
        await bench.UntilAsync(() => Task.FromResult(!bench.Notices.IsEmpty));

        await bench.Node.Rpc.CallAsync("anvil_setNextBlockBaseFeePerGas", "0x2540be400");
        await bench.UntilAsync(async () =>
        {
            await bench.Node.MineAsync();
            return reserved.IsCompleted;
        });

        AssertLanded(await reserved);
        Assert.Contains(bench.Notices, notice => notice.Kind == TransactionNoticeKind.Replaced);
        Assert.Equal(1UL, await bench.CountTransactionsAsync());
    }

    // This node does not put transactions of blocks that it takes back into its pool again.
    [Fact]
    public async Task A_transaction_that_a_reorganisation_lost_is_sent_again()
    {
        await using var bench = await MarketBench.StartAsync();
        var slot = await bench.RequestAsync();
        AssertLanded(await bench.Market.ReserveSlotAsync(slot, Cancel).WaitAsync(MarketBench.Patience, Cancel));

        await bench.Node.ReorgAsync(depth: 1);
        Assert.Equal(0UL, await bench.CountTransactionsAsync());
        await bench.Node.MineAsync();

        await bench.UntilAsync(async () => await bench.CountTransactionsAsync() == 1);
        Assert.False((await bench.GetOfferAsync(slot)).MayReserve);
    }

    private static TransactionLanded AssertLanded(TransactionOutcome outcome)
    {
        Assert.True(outcome is TransactionLanded, $"{outcome}");
        return (TransactionLanded)outcome;
    }

    private static string Allowance(MarketBench bench) => CallData.Of("allowance(address,address)")
        .Add(bench.Host).Add(bench.Contract.Marketplace).ToString();
}
