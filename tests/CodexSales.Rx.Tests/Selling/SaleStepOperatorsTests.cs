namespace CodexSales.Rx.Tests.Selling;

/// <summary>What a host app hears of its sales.</summary>
public sealed class SaleStepOperatorsTests
{
    private readonly List<SaleStep> _hosted = [];
    private readonly List<SaleStep> _missed = [];
    private readonly List<SaleStep> _ended = [];

    [Fact]
    public void Every_slot_is_told_once_when_it_is_hosted_and_once_when_it_is_over()
    {
        using var sales = new SalesFixture().Run();
        var failures = 0;
        sales.Storage.OnStore = download => download.Slot.SlotIndex == 0 && failures++ == 0
            ? Observable.Throw<ulong>(new IOException("gone"))
            : Observable.Return(SalesFixture.GiB);
        var request = sales.Request(SalesFixture.Ask(price: 2, slots: 3));
        sales.RunToTheEnd();

        Listen(sales);

        Assert.Equal(
            [new SlotKey(request, 0), new SlotKey(request, 1), new SlotKey(request, 2)],
            _hosted.Select(step => step.Sale.Slot).OrderBy(slot => slot.SlotIndex));
        Assert.Equal(sales.Ends, _ended);
        Assert.Equal(4, _ended.Count);
        Assert.Empty(_missed);
    }

    [Fact]
    public void Each_missed_proof_is_told_and_not_once_more_after_a_restart()
    {
        using var sales = new SalesFixture(store: new MemorySalesStore()).Run();
        sales.Request(SalesFixture.Ask(price: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromHours(1));
        sales.Prover.OnProve = (_, _) => Task.FromException<Groth16Proof>(new InvalidOperationException("broken"));
        sales.Advance(TimeSpan.FromMinutes(10));
        var before = sales.Steps[^1].MissedProofs;
        Listen(sales);
        Assert.InRange(before, 1, 3);
        Assert.Equal(Enumerable.Range(1, before), _missed.Select(step => step.MissedProofs));
        Assert.Single(_hosted);

        sales.RestartFromStore();
        sales.Advance(TimeSpan.FromMinutes(4));
        Listen(sales);

        Assert.Equal(before + 1, _missed[0].MissedProofs);
        Assert.Equal(State.SaleProving, Assert.Single(_hosted).State);
        sales.Unstick().RestartFromStore().RunToTheEnd();
    }

    [Fact]
    public void A_slot_whose_fill_is_taken_back_and_that_is_filled_again_is_told_once()
    {
        using var sales = new SalesFixture(chain: new SimulatedChainOptions { MaxReorganisation = 5 }).Run();
        sales.Request(SalesFixture.Ask(price: 2));
        sales.Advance(TimeSpan.FromSeconds(150));
        Assert.Equal(State.SaleProving, sales.Steps[^1].State);
        sales.Chain.Reorganise(5, _ => TransactionFate.Lost);
        sales.RunToTheEnd();

        Listen(sales);

        var hosted = sales.Steps.Where(step => step.State == State.SaleProving).ToList();
        Assert.Equal(2, hosted.Count);
        Assert.Equal(hosted.Take(1), _hosted);
        Assert.Single(_ended);
    }

    private void Listen(SalesFixture sales)
    {
        _hosted.Clear();
        _missed.Clear();
        _ended.Clear();
        using var listening = sales.Steps.ToObservable().Publish(steps => Observable.Merge(
                steps.Hosted().Do(_hosted.Add), steps.ProofsMissed().Do(_missed.Add), steps.Ended().Do(_ended.Add)))
            .Subscribe();
    }
}
