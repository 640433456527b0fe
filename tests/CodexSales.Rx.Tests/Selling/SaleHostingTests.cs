namespace CodexSales.Rx.Tests.Selling;

/// <summary>A slot that is ours, from its fill to the end of its request.</summary>
public sealed class SaleHostingTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_proof_is_missed_over_days_although_some_calls_fail(int seed)
    {
        using var sales = new SalesFixture();
        var random = new Random(seed);
        sales.Fault = _ => random.Next(100) > 0 ? MarketFault.None
            : random.Next(2) > 0 ? MarketFault.Lost : MarketFault.Unconfirmed;
        var ask = SalesFixture.Ask(price: 2, slots: 3, durationSeconds: 3 * 86_400) with { ProofProbability = 1 };
        sales.Run().Request(ask);

        sales.RunToTheEnd();

        Assert.NotEmpty(sales.Troubles);
        Assert.Equal(3, sales.Ends.Count(end => end.State == State.SaleFinished));
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
        AssertNothingWasSlashed(sales);
    }

    [Fact]
    public void Late_news_of_a_slot_brings_no_second_proof_of_the_period()
    {
        using var sales = new SalesFixture();
        sales.Obstacles.EventsSeen = events => events.DelayInOrder(_ => TimeSpan.FromSeconds(170), sales.Time);
        var proved = new List<long>();
        sales.Fault = call =>
        {
            if (call.Name == "SubmitProofAsync")
            {
                proved.Add(PeriodAt(sales));
            }

            return MarketFault.None;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });

        sales.Advance(TimeSpan.FromHours(1));

        Assert.InRange(proved.Count, 20, 30);
        Assert.Equal(proved.Distinct(), proved);
    }

    [Fact]
    public void A_proof_is_not_begun_so_late_before_the_pointer_wraps_that_its_challenge_would_be_stale()
    {
        using var sales = new SalesFixture(chain: new SimulatedChainOptions
        {
            BlockSeconds = 1,
            Rules = new SimulatedChainOptions().Rules with { ProofPeriodSeconds = 300 },
        });
        sales.Prover.OnProve = (_, cancellation) =>
            Observable.Return(ScriptedProver.Proof).Delay(TimeSpan.FromSeconds(40), sales.Time).ToTask(cancellation);
        sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });

        sales.Advance(TimeSpan.FromMinutes(179)); // To the middle of a period.

        var submitted = sales.Calls.Count(call => call.Name == "SubmitProofAsync");
        Assert.InRange(submitted, 30, 35);
        Assert.Equal(1 + submitted, sales.Prover.Calls);
    }

    [Fact]
    public void Each_period_that_wants_a_proof_gets_one_and_no_other_period_does()
    {
        using var sales = new SalesFixture();
        var (wanted, proved) = (new HashSet<long>(), new HashSet<long>());
        sales.Obstacles.ProofDemandSeen = (_, demand) =>
        {
            // Where the pointer wraps, the last one counts.
            wanted.Remove(PeriodAt(sales));
            if (demand.IsRequired || demand.WillBeRequired)
            {
                wanted.Add(PeriodAt(sales));
            }

            return demand;
        };
        sales.Fault = call => call.Name != "SubmitProofAsync" || proved.Add(PeriodAt(sales)) ? MarketFault.None
            : throw new InvalidOperationException("Two proofs in one period.");
        sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 4 });

        sales.RunToTheEnd();

        Assert.InRange(wanted.Count, 150, 350);
        Assert.Equal(wanted, proved);
    }

    [Fact]
    public void A_fill_that_a_reorganisation_moves_to_the_period_before_is_no_proof_of_the_next_one()
    {
        using var sales = new SalesFixture(
            wrap: market => new FillToldOfNextPeriod(market),
            chain: new SimulatedChainOptions { MaxReorganisation = 15 });
        sales.Run().Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        while (sales.Steps[^1].State != State.SaleProving)
        {
            sales.Advance(TimeSpan.FromSeconds(1));
        }

        sales.Chain.Reorganise(15);
        sales.Advance(5 * Period);

        Assert.Equal(0UL, MissedOnChain(sales));
    }

    [Fact]
    public void The_data_of_a_slot_is_kept_to_the_end_of_a_request_that_came_again_after_its_fill()
    {
        using var sales = new SalesFixture(chain: new SimulatedChainOptions { MaxReorganisation = 50 }).Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromMinutes(5));
        var before = Assert.Single(sales.Storage.Kept);

        sales.Chain.Reorganise(50, _ => TransactionFate.Delayed);
        sales.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(2, sales.Storage.Kept.Count);
        Assert.Equal(sales.Steps[^1].Sale.Terms.EndsAt, sales.Storage.Kept[^1].Until);
        Assert.True(sales.Storage.Kept[^1].Until > before.Until);
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void A_hosted_slot_writes_nothing_while_it_is_proved()
    {
        var time = new VirtualTime();
        using var store = new SimulatedStore(time);
        using var sales = HostOneSlot(new SalesFixture(store: store, time: time));
        var written = new List<StoreChange>();
        using var writing = store.Written.Subscribe(written.Add);

        sales.Advance(TimeSpan.FromHours(1));

        Assert.Empty(written);
    }

    [Fact]
    public void A_proof_that_can_not_be_made_at_first_is_tried_again_in_the_same_period()
    {
        using var sales = HostOneSlot(new SalesFixture());
        var failures = 0;
        sales.Prover.OnProve = (_, _) => failures++ < 4
            ? throw new InvalidOperationException("The graphics card is busy.")
            : Task.FromResult(ScriptedProver.Proof);

        sales.Advance(2 * Period);

        Assert.True(failures > 4);
        Assert.Equal(0, sales.Steps[^1].MissedProofs);
        sales.RunToTheEnd();
        AssertNothingWasSlashed(sales);
    }

    [Fact]
    public void A_proof_that_can_not_be_made_for_most_of_a_period_is_tried_again_before_its_end()
    {
        using var sales = HostOneSlot(new SalesFixture());
        sales.Prover.OnProve = (_, _) => sales.Time.Now.ToUnixTimeSeconds() % 120 < 75
            ? throw new InvalidOperationException("The graphics card is busy.")
            : Task.FromResult(ScriptedProver.Proof);

        sales.Advance(20 * Period);

        Assert.Equal(0UL, MissedOnChain(sales));
    }

    [Fact]
    public void A_proof_that_is_refused_at_first_is_made_again_in_the_same_period()
    {
        using var sales = HostOneSlot(new SalesFixture());
        var failures = 0;
        sales.Prover.OnProve = (_, _) =>
            Task.FromResult(failures++ < 3 ? new Groth16Proof(0, 0, 0, 0, 0, 0, 0, 0) : ScriptedProver.Proof);

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
        AssertNothingWasSlashed(sales);
    }

    [Fact]
    public void A_proof_that_overruns_its_period_is_missed_as_the_contract_counts_it_and_the_next_one_begins_in_time()
    {
        using var sales = HostOneSlot(new SalesFixture());
        var (isRequired, calls) = (false, new List<DateTimeOffset>());
        var cancelled = new List<DateTimeOffset>();
        sales.Obstacles.ProofDemandSeen = (_, demand) =>
        {
            isRequired = demand.IsRequired;
            return demand;
        };
        sales.Prover.OnProve = (_, cancellation) =>
        {
            if (!isRequired && calls.Count == 0)
            {
                return Task.FromResult(ScriptedProver.Proof);
            }

            calls.Add(sales.Time.Now);
            cancellation.Register(() => cancelled.Add(sales.Time.Now));
            return calls.Count == 1
                ? new TaskCompletionSource<Groth16Proof>().Task
                : Task.FromResult(ScriptedProver.Proof);
        };

        sales.Advance(8 * Period);

        Assert.Equal(calls[0] + Period, calls[1]);
        Assert.Equal(calls[1], cancelled[0]);
        Assert.Equal((1, 1UL), (sales.Steps[^1].MissedProofs, MissedOnChain(sales)));
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFinished, SaleReason.Paid);
    }

    [Fact]
    public void A_slot_that_is_lost_after_missed_proofs_errs_its_sale_as_forced_out()
    {
        using var sales = HostOneSlot(new SalesFixture());
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("The disk is gone.");
        sales.BuyNoMore();

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleErrored, SaleReason.ForcedOut);
        Assert.InRange(sales.Steps.Max(step => step.MissedProofs), 5, 8);
        Assert.DoesNotContain(sales.Calls, call => call.Name == "FreeSlotAsync");
        sales.AssertClearedOnce();
    }

    [Fact]
    public void A_slot_that_is_lost_just_before_the_end_of_its_request_was_not_paid()
    {
        using var sales = HostOneSlot(new SalesFixture());
        sales.Prover.OnProve = (_, _) => throw new InvalidOperationException("The disk is gone.");
        sales.BuyNoMore();
        sales.Obstacles.SlotStateSeen = state => state == SlotState.Repair ? SlotState.Filled : state;

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleErrored, SaleReason.ForcedOut);
    }

    [Fact]
    public void What_was_missed_while_the_market_was_broken_is_told_as_the_contract_counted_it()
    {
        using var sales = HostOneSlot(new SalesFixture());
        sales.Obstacles.Before = ObstructedMarket.Throws("GetSlotAsync");
        sales.Advance(3 * Period);
        Assert.Equal(0, sales.Steps[^1].MissedProofs);
        Assert.InRange(MissedOnChain(sales), 1UL, 3UL);

        sales.Obstacles.Before = _ => null;
        sales.Advance(2 * Period);

        Assert.Equal(MissedOnChain(sales), (ulong)sales.Steps[^1].MissedProofs);
        sales.RunToTheEnd();
    }

    [Fact]
    public void Data_is_kept_until_the_end_of_the_request_however_often_storage_fails_to()
    {
        using var sales = new SalesFixture();
        var failures = 0;
        sales.Storage.OnKeep = _ => failures++ < 5 ? Task.FromException(new IOException("Busy.")) : Task.CompletedTask;
        sales.Run().Request(SalesFixture.Ask(price: 2));

        sales.RunToTheEnd();

        var end = sales.Steps[0].Sale.Terms.EndsAt;
        Assert.Equal(6, sales.Storage.Kept.Count);
        Assert.All(sales.Storage.Kept, kept => Assert.Equal(end, kept.Until));
        AssertNothingWasSlashed(sales);
    }

    [Fact]
    public void A_slot_of_a_failed_request_leaves_the_list_of_our_slots_and_earns_nothing()
    {
        using var sales = new SalesFixture().Run();
        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 3, maxSlotLoss: 1));
        sales.FillElsewhere(new SlotKey(request, 0));
        sales.FillElsewhere(new SlotKey(request, 1));
        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.BuyNoMore();

        sales.Time.Run(() => sales.Others.FreeSlotAsync(new SlotKey(request, 0), default));
        sales.Time.Run(() => sales.Others.FreeSlotAsync(new SlotKey(request, 1), default));
        sales.RunToTheEnd();

        Assert.Equal((State.SaleFailed, SaleReason.RequestFailed), Named(sales.Ends.Last()));
        Assert.Equal(UInt256.Zero, sales.Ends.Last().End!.Earned);
        Assert.Empty(sales.Time.Run(() => sales.Market.GetMySlotsAsync(sales.Pipeline.Head, default)));
    }

    private static (State State, SaleReason Reason) Named(SaleStep end) => (end.State, end.End!.Reason);

    // Every period wants a proof of it, once its first one is over.
    private static SalesFixture HostOneSlot(SalesFixture sales)
    {
        sales.Run().Request(SalesFixture.Ask(price: 2, durationSeconds: 14_400) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        return sales;
    }

    private static ulong MissedOnChain(SalesFixture sales) =>
        sales.Time.Run(() => sales.Market.GetSlotAsync(sales.Steps[0].Sale.Slot, sales.Pipeline.Head, default)).MissedProofs;

    private static long PeriodAt(SalesFixture sales) => sales.Time.Now.ToUnixTimeSeconds() / 120;

    private static void AssertNothingWasSlashed(SalesFixture sales) => Assert.Equal(
        sales.Chain.Options.HostFunds + sales.Ends.Aggregate(UInt256.Zero, (sum, end) => sum + end.End!.Earned),
        sales.Chain.BalanceOf(SalesFixture.Us));

    // What a host hears on a fork on which its fill came later than on the one that stays.
    private sealed class FillToldOfNextPeriod(IMarket market) : DelegatingMarket(market)
    {
        public override async Task<TransactionOutcome> FillSlotAsync(
            SlotKey slot, Groth16Proof proof, UInt256 collateral, CancellationToken cancellation)
        {
            var landed = Assert.IsType<TransactionLanded>(await base.FillSlotAsync(slot, proof, collateral, cancellation));
            var (number, time) = (landed.Block.Number, landed.Block.Time.Value);
            var blocks = (120 - (time % 120) + 11) / 12;
            return new TransactionLanded(new BlockStamp(number + blocks, new UnixSeconds(time + (12 * blocks))));
        }
    }
}
