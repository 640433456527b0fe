namespace CodexSales.Rx.Simulation.Checks;

/// <summary>
/// Where checks say what is wrong. They never throw: what they are called from might take an exception for an error of
/// the world, and try again.
/// </summary>
internal sealed class Verdict(Func<TimeSpan> elapsed)
{
    /// <summary>The first violation; all others may follow from it.</summary>
    public Violation? First { get; private set; }

    public void Break(string check, string message) => First ??= new Violation(elapsed(), check, message);
}
