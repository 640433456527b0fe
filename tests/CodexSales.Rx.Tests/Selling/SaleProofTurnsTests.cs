namespace CodexSales.Rx.Tests.Selling;

/// <summary>Several slots that want proofs at the same time.</summary>
public sealed class SaleProofTurnsTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(120);

    [Fact]
    public void A_slot_whose_proof_overruns_delays_no_other_slot()
    {
        using var sales = new SalesFixture();
        var slow = default(SlotKey?);
        sales.Prover.OnProve = (slot, _) => slot == slow
            ? new TaskCompletionSource<Groth16Proof>().Task
            : Task.FromResult(ScriptedProver.Proof);
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 5) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromHours(1) - Period);
        slow = sales.Steps[0].Sale.Slot;

        sales.RunToTheEnd();

        Assert.All(sales.Steps.Where(step => step.Sale.Slot != slow), step => Assert.Equal(0, step.MissedProofs));
        Assert.Equal(4, sales.Ends.Count(end => end.State == State.SaleFinished));
    }

    [Fact]
    public void A_proof_that_overruns_its_period_takes_no_turn_of_another_slot_in_the_next_one()
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Selling = new SellingOptions { MaxProofsAtOnce = 1 } });
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 2) with { ProofProbability = 1 });
        sales.Advance(TimeSpan.FromMinutes(9));
        sales.BuyNoMore();
        var (slow, overrunIn) = (sales.Steps[0].Sale.Slot, long.MaxValue);
        sales.Prover.OnProve = (slot, _) =>
        {
            if (slot != slow || overrunIn < long.MaxValue)
            {
                return Task.FromResult(ScriptedProver.Proof);
            }

            overrunIn = sales.Time.Now.ToUnixTimeSeconds() / 120;
            return new TaskCompletionSource<Groth16Proof>().Task;
        };
        sales.Obstacles.ProofDemandSeen = (slot, demand) => slot == slow && (long)demand.Period > overrunIn
            ? demand with { IsRequired = false, WillBeRequired = false }
            : demand;

        sales.Advance(8 * Period);

        Assert.True(overrunIn < long.MaxValue);
        Assert.InRange(sales.Steps.Where(step => step.Sale.Slot != slow).Max(step => step.MissedProofs), 0, 1);
    }

    [Fact]
    public void Several_slots_are_proved_at_once_and_no_more_than_may_be()
    {
        using var sales = new SalesFixture(
            new SalesPipelineOptions { Selling = new SellingOptions { MaxProofsAtOnce = 2 } });
        var (running, most) = (0, 0);
        sales.Prover.OnProve = async (slot, _) =>
        {
            // First proofs have workers, and wait for nobody.
            var isHosted = sales.Steps.Last(step => step.Sale.Slot == slot).State is State.SaleProving ? 1 : 0;
            most = Math.Max(most, running += isHosted);
            await Observable.Timer(TimeSpan.FromSeconds(20), sales.Time);
            running -= isHosted;
            return ScriptedProver.Proof;
        };
        sales.Run().Request(SalesFixture.Ask(price: 2, slots: 5) with { ProofProbability = 1 });

        sales.RunToTheEnd();

        Assert.Equal(2, most);
        Assert.Equal(5, sales.Ends.Count(end => end.State == State.SaleFinished));
        Assert.All(sales.Steps, step => Assert.Equal(0, step.MissedProofs));
    }
}
