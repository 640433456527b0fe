using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Web.Page.Recent;

/// <summary>A sale with the states that it came through, as a marble diagram shows them. Immutable.</summary>
internal sealed record SaleLane(Sale Sale, ImmutableList<(SaleStateName State, UnixSeconds At)> Marks, int MissedProofs, SaleEnd? End)
{
    public static SaleLane Of(SaleStep step) => new(step.Sale, [(step.State, step.At)], step.MissedProofs, step.End);

    public SaleStateName State => Marks[^1].State;

    public SaleLane With(SaleStep step) => this with
    {
        Sale = step.Sale,
        Marks = step.State == State && step.End is null ? Marks : Marks.Add((step.State, step.At)),
        MissedProofs = step.MissedProofs,
        End = step.End ?? End,
    };
}
