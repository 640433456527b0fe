namespace CodexSales.Rx.Selling;

/// <summary>Filters <see cref="SalesPipeline.Steps"/> to the steps that most host apps react to.</summary>
/// <remarks>
/// <para>
/// The pipeline itself has the host's storage care for the data: keep it longer when the slot is its own
/// (<see cref="CodexSales.Rx.Ports.Storage.ISlotStorage.KeepUntilAsync"/>), and to delete it when the sale is over
/// (<see cref="CodexSales.Rx.Ports.Storage.ISlotStorage.ClearAsync"/>).
/// </para>
/// <para>
/// Memory: two numbers for each sale that is under way. Threading: notifies where the steps do.
/// </para>
/// </remarks>
public static class SaleStepOperators
{
    /// <summary>
    /// Each sale whose slot this host fills now: with its first step in <see cref="SaleStateName.SaleProving"/>. After a
    /// restart the slots that are still hosted are told once more. nim-codex calls it <c>onSale</c>.
    /// </summary>
    public static IObservable<SaleStep> Hosted(this IObservable<SaleStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.WhileHosted((_, wasHosted, _) => !wasHosted);
    }

    /// <summary>
    /// Each period that went without the proof that it wanted: some of the collateral may be lost, and after enough of
    /// them the slot. <see cref="SaleStep.MissedProofs"/> says how many there were in all.
    /// </summary>
    public static IObservable<SaleStep> ProofsMissed(this IObservable<SaleStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.WhileHosted((step, _, missedBefore) => step.MissedProofs > missedBefore);
    }

    /// <summary>
    /// Each sale that is over, with its reason and amounts. Its data is deleted, and what it held is given back: it is
    /// past what nim-codex calls <c>onClear</c>.
    /// </summary>
    public static IObservable<SaleStep> Ended(this IObservable<SaleStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.Where(step => step.End is not null);
    }

    // A slot whose fill was in a block that is taken back may be filled again: that is the same sale, hosted once. The first
    // step after a restart has the missed proofs that the process before has told.
    private static IObservable<SaleStep> WhileHosted(
        this IObservable<SaleStep> steps, Func<SaleStep, bool, int, bool> isTold) => Observable.Defer(() =>
    {
        var sales = new Dictionary<long, (bool IsHosted, int Missed)>();
        return steps.Where(step =>
        {
            var before = sales.GetValueOrDefault(step.Sale.Number);
            if (step.End is not null)
            {
                sales.Remove(step.Sale.Number);
                return false;
            }

            var isHosted = step.State is SaleStateName.SaleProving;
            sales[step.Sale.Number] = (before.IsHosted || isHosted, step.MissedProofs);
            return isHosted && isTold(step, before.IsHosted, before.Missed);
        });
    });
}
