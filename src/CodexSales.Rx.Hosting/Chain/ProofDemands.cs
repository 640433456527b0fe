using CodexSales.Rx.Selling;

namespace CodexSales.Rx.Hosting.Chain;

/// <summary>How many proofs hosted slots want.</summary>
internal static class ProofDemands
{
    private const double SecondsPerDay = 24 * 60 * 60;

    /// <summary>On average, by the probabilities that their clients ask for.</summary>
    public static double PerDay(IEnumerable<SaleStep> sales, ulong periodSeconds) => sales
        .Where(step => step.State is SaleStateName.SaleFilled or SaleStateName.SaleProving)
        .Sum(step => SecondsPerDay / Math.Max(1, periodSeconds) / Math.Max(1, Number(step.Sale.Terms.Ask.ProofProbability)));

    private static double Number(UInt256 amount) => double.Parse($"{amount}", CultureInfo.InvariantCulture);
}
