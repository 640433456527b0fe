using CodexSales.Node.Formatting;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Demo;

/// <summary>The steps of sales that are worth a line.</summary>
internal static class DemoEvents
{
    /// <summary>One sentence, or null when the step is one of many on the way.</summary>
    public static string? Describe(SaleStep step)
    {
        var (slot, terms) = (step.Sale.Slot, step.Sale.Terms);
        var (size, span) = (Figures.Bytes(terms.Ask.SlotSizeBytes), Figures.Span(terms.Ask.DurationSeconds));
        return step switch
        {
            { State: SaleStateName.SaleFinished, End: { } end } => $"{slot.ToShortString()} paid {Figures.Tokens(end.Earned)}",
            { End: { } end } => $"{slot.ToShortString()} {Words.OfState(step.State)}: {end.Detail}",
            { State: SaleStateName.SaleProving, MissedProofs: 0 } =>
                $"{slot.ToShortString()} filled: {size} for {span} at a reward of {Figures.Tokens(terms.Reward)}",
            { State: SaleStateName.SaleProving } => $"{slot.ToShortString()} has missed {step.MissedProofs} proofs",
            _ => null,
        };
    }
}
