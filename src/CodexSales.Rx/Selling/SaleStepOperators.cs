using System.Reactive.Linq;

namespace CodexSales.Rx.Selling;

/// <summary>
/// What a host app does something about, out of the steps that <see cref="Pipeline.SalesPipeline.Run"/> notifies of.
/// </summary>
/// <remarks>
/// <para>
/// To run is to subscribe: whoever wants more than one of these shares the steps, with <c>Publish(steps => …)</c>.
/// What must be done about the data itself is asked of the host's storage: to keep it longer when the slot is its own
/// (<see cref="Storage.ISlotStorage.KeepUntilAsync"/>), and to delete it when the sale is over
/// (<see cref="Storage.ISlotStorage.ClearAsync"/>).
/// </para>
/// <para>
/// Memory: a number for each sale that is hosted. Threading: notifies where the steps do.
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
        return steps.WhileHosted((step, before) => before is null);
    }

    /// <summary>
    /// Each period that went without the proof that it wanted: some of the collateral may be lost, and after enough of
    /// them the slot. <see cref="SaleStep.MissedProofs"/> says how many there were in all.
    /// </summary>
    public static IObservable<SaleStep> ProofsMissed(this IObservable<SaleStep> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        return steps.WhileHosted((step, before) => step.MissedProofs > before);
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

    // A slot whose fill was in a block that is taken back may be filled again: that is the same sale, hosted once.
    private static IObservable<SaleStep> WhileHosted(
        this IObservable<SaleStep> steps, Func<SaleStep, int?, bool> isTold) => Observable.Defer(() =>
    {
        var missed = new Dictionary<long, int>();
        return steps.Where(step =>
        {
            if (step.State is not SaleStateName.SaleProving)
            {
                _ = step.End is not null && missed.Remove(step.Sale.Number);
                return false;
            }

            var before = missed.TryGetValue(step.Sale.Number, out var count) ? count : default(int?);
            missed[step.Sale.Number] = step.MissedProofs;
            return isTold(step, before);
        });
    });
}
