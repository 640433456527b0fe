using static CodexSales.Rx.Tests.Cases.Misbehaviour;

namespace CodexSales.Rx.Tests.Cases;

/// <summary>
/// A port that does what no port should: a sale ends where money allows, the others go on, and what the port says is
/// heard.
/// </summary>
public sealed class MisbehavingPortTests
{
    private static readonly SalesPipelineOptions OneWorker = new() { Workers = 1 };

    [Theory]
    [MemberData(nameof(OfCalls), MemberType = typeof(Misbehaviour))]
    public void A_prover_that_misbehaves_ends_the_sale_with_its_own_words(string how)
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Prover.OnProve = (_, _) => Answer<Groth16Proof>(how);

        Sell(sales);

        AssertEnds(sales, SaleReason.ProofFailed, WordsOf(how));
    }

    [Fact]
    public void A_proof_of_eight_zeros_is_none()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Prover.OnProve = (_, _) => Task.FromResult(new Groth16Proof(0, 0, 0, 0, 0, 0, 0, 0));

        Sell(sales);

        AssertEnds(sales, SaleReason.ProofFailed, "eight zeros");
        Assert.DoesNotContain(sales.Calls, call => call.Name == "FillSlotAsync");
    }

    [Theory]
    [MemberData(nameof(OfStores), MemberType = typeof(Misbehaviour))]
    public void Storage_that_misbehaves_ends_the_sale_with_its_own_words(string how)
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnGiven = _ => Store(how, SalesFixture.GiB);

        Sell(sales);

        AssertEnds(sales, SaleReason.DownloadFailed, WordsOf(how));
        sales.RunToTheEnd();
    }

    [Fact]
    public void Storage_that_throws_as_it_is_left_is_heard_of_and_the_next_sale_begins()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Storage.OnStore = _ => Observable.Create<ulong>(_ => Disposable.Create(() => throw new IOException(Words)));

        Sell(sales);
        sales.Advance(TimeSpan.FromHours(1));

        AssertHeard(sales, Words);
        Assert.Equal(SaleReason.DeadlinePassed, sales.Ends.First().End!.Reason);
    }

    [Fact]
    public void A_market_that_throws_as_it_is_left_is_heard_of_and_all_of_it_is_left()
    {
        using var sales = new SalesFixture(OneWorker);
        var left = 0;
        sales.Obstacles.HeadsSeen = Throwing;
        sales.Obstacles.FinalHeadsSeen = Throwing;
        sales.Obstacles.EventsSeen = Throwing;
        Sell(sales);

        sales.Pipeline.Dispose();

        AssertHeard(sales, Words);
        Assert.Equal(3, left);

        IObservable<T> Throwing<T>(IObservable<T> told) => Observable.Create<T>(observer =>
        {
            var telling = told.Subscribe(observer);
            return () =>
            {
                left++;
                telling.Dispose();
                throw new IOException(Words);
            };
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ulong.MaxValue)]
    public void A_market_with_rules_that_none_has_ends_the_run_with_what_it_said(ulong periodSeconds)
    {
        using var sales = new SalesFixture(OneWorker, real => new OddRules(real, periodSeconds)).Run();
        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Contains($"a proof period of {periodSeconds} s", sales.Failure!.Message, StringComparison.Ordinal);
        Assert.NotEmpty(sales.Pipeline.Health.ToString());
    }

    [Fact]
    public void What_is_thrown_by_a_call_that_is_given_up_is_heard_of()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Prover.OnProve = (_, ct) =>
        {
            ct.Register(() => throw new InvalidOperationException(Words));
            return new TaskCompletionSource<Groth16Proof>().Task;
        };

        Sell(sales);
        sales.Advance(OneWorker.Selling.ProveDeadline);

        AssertHeard(sales, Words);
        Assert.Equal(SaleReason.DeadlinePassed, sales.Ends.First().End!.Reason);
    }

    [Theory]
    [MemberData(nameof(OfCalls), MemberType = typeof(Misbehaviour))]
    public void A_market_that_misbehaves_when_it_is_asked_ends_the_sale_with_its_own_words(string how)
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        market!.Offer = () => Answer<SlotOffer>(how);

        Sell(sales);

        AssertEnds(sales, SaleReason.HostFault, WordsOf(how));
    }

    [Theory]
    [MemberData(nameof(OfCalls), MemberType = typeof(Misbehaviour))]
    public void A_market_that_misbehaves_when_it_reserves_ends_the_sale_with_its_own_words(string how)
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        market!.Reserve = _ => Answer<TransactionOutcome>(how);

        Sell(sales);

        AssertEnds(sales, SaleReason.HostFault, WordsOf(how));
    }

    [Fact]
    public void A_stage_that_takes_too_long_ends_with_what_the_market_said_last()
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        market!.Offer = () => Task.FromException<SlotOffer>(new MarketUnavailableException(Words));

        Sell(sales);
        sales.Advance(OneWorker.Selling.ReserveDeadline);

        AssertEnds(sales, SaleReason.DeadlinePassed, Words);
    }

    [Theory]
    [MemberData(nameof(OfCalls), MemberType = typeof(Misbehaviour))]
    public void A_fill_whose_port_misbehaves_is_in_doubt_and_sent_again(string how)
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        var fills = 0;
        market!.Fill = real => fills++ == 0 ? Answer<TransactionOutcome>(how) : real();

        Sell(sales);
        AssertHeard(sales, WordsOf(how));
        sales.Advance(TimeSpan.FromHours(1));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
    }

    [Fact]
    public void A_fill_that_says_it_landed_and_did_not_is_told_and_costs_nothing()
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        market!.Fill = _ => Task.FromResult<TransactionOutcome>(new TransactionLanded(sales.Pipeline.Head));

        Sell(sales);
        AssertHeard(sales, "is not this host's");
        sales.Advance(TimeSpan.FromHours(2));

        Assert.All(sales.Ends, ended => Assert.Equal(UInt256.Zero, ended.End!.CollateralLost));
        Assert.NotEmpty(sales.Ends);
    }

    [Fact]
    public void A_fill_that_says_it_landed_where_another_host_did_is_told_and_costs_nothing()
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        var slot = default(SlotKey);
        market!.Fill = async _ =>
        {
            await sales.Others.ReserveSlotAsync(slot, default);
            return await sales.Others.FillSlotAsync(slot, ScriptedProver.Proof, UInt256.MaxValue, default);
        };

        slot = Sell(sales);
        sales.Advance(TimeSpan.FromHours(2));

        AssertHeard(sales, "is not this host's");
        Assert.Equal(SaleReason.FilledByAnother, sales.Ends.First().End!.Reason);
        Assert.Equal(UInt256.Zero, sales.Ends.First().End!.CollateralLost);
    }

    [Fact]
    public void A_fill_that_landed_in_another_block_than_was_told_is_proved_all_the_same()
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        market!.Fill = async real => await real() is TransactionLanded landed
            ? new TransactionLanded(landed.Block with { Number = landed.Block.Number + 1_000_000 })
            : throw new InvalidOperationException("It did not land.");

        Sell(sales);
        sales.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
    }

    [Fact]
    public void A_proof_that_the_contract_refuses_when_a_slot_is_filled_is_told()
    {
        using var sales = new SalesFixture(OneWorker);
        sales.Obstacles.Refusal = name => name == "FillSlotAsync" ? MarketRefusal.InvalidProof : null;

        Sell(sales);

        AssertHeard(sales, "FillSlotAsync is refused.");
    }

    [Theory]
    [MemberData(nameof(OfCalls), MemberType = typeof(Misbehaviour))]
    public void Ports_that_misbehave_while_a_slot_is_hosted_are_told_and_asked_again(string how)
    {
        var market = default(MisbehavingMarket);
        using var sales = new SalesFixture(OneWorker, real => market = new MisbehavingMarket(real));
        var (submits, keeps, clears) = (0, 0, 0);
        market!.Submit = real => submits++ == 0 ? Answer<TransactionOutcome>(how) : real();
        sales.Storage.OnKeep = _ => keeps++ == 0 ? Answer<object>(how) : Task.CompletedTask;
        sales.Storage.OnClear = _ => clears++ == 0 ? Answer<object>(how) : Task.CompletedTask;

        Sell(sales);
        sales.Advance(TimeSpan.FromHours(30));

        AssertHeard(sales, WordsOf(how));
        sales.AssertEndPaid();
        Assert.Equal(0, sales.Ends.Single().MissedProofs);
    }

    [Theory]
    [MemberData(nameof(OfCalls), MemberType = typeof(Misbehaviour))]
    public void A_store_that_misbehaves_is_told_and_asked_again(string how)
    {
        var time = new VirtualTime();
        var saves = 0;
        var store = new HookedStore(write => saves++ is > 0 and < 4 ? Answer<object>(how) : write());
        using var sales = new SalesFixture(OneWorker, store: store, time: time);

        Sell(sales);
        sales.Advance(TimeSpan.FromHours(1));

        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        if (how is not "answers null")
        {
            AssertHeard(sales, WordsOf(how));
        }
    }

    private static SlotKey Sell(SalesFixture sales)
    {
        var slot = new SlotKey(sales.Run().Request(SalesFixture.Ask(price: 2)), 0);
        sales.Advance(TimeSpan.FromMinutes(5));
        return slot;
    }

    private static void AssertEnds(SalesFixture sales, SaleReason reason, string words)
    {
        Assert.Null(sales.Failure);
        var end = sales.Ends.First().End!;
        Assert.Equal(reason, end.Reason);
        Assert.Contains(words, end.Detail, StringComparison.Ordinal);
        AssertHeard(sales, words);
    }

    private static void AssertHeard(SalesFixture sales, string words)
    {
        Assert.Null(sales.Failure);
        Assert.Contains(sales.Troubles, trouble => Says(trouble.Error, words));
    }

    private sealed class OddRules(IMarket market, ulong periodSeconds) : DelegatingMarket(market)
    {
        public override async Task<MarketRules> GetRulesAsync(CancellationToken cancellation) =>
            await base.GetRulesAsync(cancellation) with { ProofPeriodSeconds = periodSeconds };
    }

    private static bool Says(Exception error, string words) => error.ToString().Contains(words, StringComparison.Ordinal);
}
