namespace CodexSales.Rx.Tests.Selling;

/// <summary>What the chain can do to a sale in each state before the slot is ours.</summary>
public sealed class SaleInterruptionTests
{
    public static TheoryData<State> Acquiring => StuckSales.Acquiring;

    [Theory, MemberData(nameof(Acquiring))]
    public void A_slot_that_another_host_fills_is_ignored_and_frees_its_worker(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        var slot = sales.SellUpTo(state);

        sales.FillElsewhere(slot);

        sales.BuyNoMore();
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleIgnored, SaleReason.FilledByAnother);
        sales.AssertClearedOnce();
    }

    [Theory, MemberData(nameof(Acquiring))]
    public void A_request_that_expires_cancels_its_sale_and_frees_its_worker(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        sales.SellUpTo(state, expirySeconds: 900);

        sales.RunToTheEnd();

        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        sales.AssertClearedOnce();
    }

    [Theory, MemberData(nameof(Acquiring))]
    public void What_is_held_stays_held_after_expiry_until_the_chain_says_that_it_expired(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        sales.SellUpTo(state, expirySeconds: 900);
        sales.Obstacles.RequestStateSeen = _ => RequestState.New;
        var held = sales.Balance;

        sales.Advance(TimeSpan.FromMinutes(30));

        Assert.Empty(sales.Ends);
        Assert.Equal((held.HeldBytes, held.HeldCollateral), (sales.Balance.HeldBytes, sales.Balance.HeldCollateral));
        sales.Obstacles.RequestStateSeen = seen => seen;
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
    }

    [Theory, MemberData(nameof(Acquiring))]
    public void A_request_that_expires_while_the_market_is_away_is_cancelled_as_soon_as_it_is_back(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        sales.SellUpTo(state, expirySeconds: 900);
        sales.Fault = _ => MarketFault.Lost;
        sales.Advance(TimeSpan.FromHours(1));
        Assert.Empty(sales.Ends);

        sales.Fault = _ => MarketFault.None;

        sales.Advance(TimeSpan.FromMinutes(2));
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
        sales.RunToTheEnd();
    }

    [Fact]
    public void A_request_that_nodes_do_not_know_now_and_then_is_not_gone()
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        sales.SellUpTo(State.SaleDownloading, expirySeconds: 900);
        var asked = 0;
        sales.Obstacles.RequestStateSeen = _ => ++asked % 6 == 0 ? RequestState.New : null; // Six in a row would be its end.

        sales.Advance(TimeSpan.FromHours(1));

        Assert.InRange(asked, 100, int.MaxValue);
        Assert.Empty(sales.Ends);
        sales.Obstacles.RequestStateSeen = seen => seen;
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleCancelled, SaleReason.RequestExpired);
    }

    [Theory, MemberData(nameof(Acquiring))]
    public void A_request_that_fails_ends_its_sale_as_failed(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        var other = sales.RepairUpTo(state);

        sales.Time.Run(() => sales.Others.FreeSlotAsync(other, default));

        sales.BuyNoMore();
        sales.RunToTheEnd();
        sales.AssertEnd(State.SaleFailed, SaleReason.RequestFailed);
        sales.AssertClearedOnce();
    }

    [Fact]
    public void What_the_host_does_for_a_sale_is_cancelled_when_the_chain_ends_it()
    {
        using var sales = new SalesFixture(StuckSales.Patient with { Workers = 2 });
        var isProofCancelled = false;
        sales.Storage.OnStore = download => download.Slot.SlotIndex == 0
            ? Observable.Never<ulong>()
            : Observable.Return(SalesFixture.GiB);
        sales.Prover.OnProve = (_, cancellation) =>
        {
            cancellation.Register(() => isProofCancelled = true);
            return new TaskCompletionSource<Groth16Proof>().Task;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 2), expirySeconds: 900);
        sales.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((1, false, 2), (sales.Storage.Running, isProofCancelled, sales.Busy[^1]));

        sales.Advance(TimeSpan.FromMinutes(6));

        Assert.Equal((0, true, 0), (sales.Storage.Running, isProofCancelled, sales.Busy[^1]));
        sales.RunToTheEnd();
    }

    [Theory, MemberData(nameof(Acquiring))]
    public void To_stop_in_the_middle_of_a_sale_leaves_no_timer_and_tells_nobody_more(State state)
    {
        using var sales = new SalesFixture(StuckSales.Patient).Run();
        sales.SellUpTo(state);
        var steps = sales.Steps.Count;

        sales.Stop();
        sales.Chain.Dispose();

        Assert.Equal(0, sales.Time.PendingCount);
        Assert.Equal(steps, sales.Steps.Count);
        Assert.Equal(0, sales.Storage.Running);
    }
}
