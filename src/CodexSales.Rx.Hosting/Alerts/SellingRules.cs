namespace CodexSales.Rx.Hosting.Alerts;

/// <summary>Whether it sells, and can prove what it sold.</summary>
internal sealed class SellingRules(AlertLimits limits)
{
    private readonly Persistence _problem = new();
    private DateTimeOffset? _lookedAt;
    private TimeSpan _openInVain;

    /// <summary>A slot was filled by this host.</summary>
    public void NoteSold() => _openInVain = TimeSpan.Zero;

    public IEnumerable<Sign> Look(HostView view) => [.. NotSelling(view), .. NothingSold(view), .. ProofInDanger(view)];

    private List<Sign> NotSelling(HostView view)
    {
        List<Sign> signs = view.Problem is { } problem && _problem.Note("", view.Now) >= limits.Now.FailingAfter
            ? [new Sign(AlertKind.NotSelling, AlertSeverity.Critical, "", $"Nothing is sold, and nothing is proved: {problem}")]
            : [];
        _problem.Next();
        return signs;
    }

    // Only time in which slots were open counts.
    private IEnumerable<Sign> NothingSold(HostView view)
    {
        if (_lookedAt is { } before && view.Health.OpenSlots > 0)
        {
            _openInVain += view.Now - before;
        }

        _lookedAt = view.Now;
        if (_openInVain >= limits.Now.NothingSoldFor)
        {
            yield return new Sign(
                AlertKind.NothingSold,
                AlertSeverity.Warning,
                "",
                $"Slots were open for {limits.Now.NothingSoldFor}, and none was sold.{WhyIdle(view)} The health tells what is in the way.");
        }
    }

    private static string WhyIdle(HostView view) => view.Health.Workers switch
    {
        { IsPaused: true } => " New sales are paused.",
        { HeldBecause: { } held } => $" Nothing new is begun: {held.TrimEnd('.')}.",
        _ => "",
    };

    private IEnumerable<Sign> ProofInDanger(HostView view)
    {
        if (view.Health is { SlowestProof: { } took, TimeToProve: { } time, Hosted: > 0 } && took * 100 >= time * limits.Now.ProofTimePercent)
        {
            yield return new Sign(
                AlertKind.ProofInDanger,
                AlertSeverity.Warning,
                "",
                $"Proofs take more than {limits.Now.ProofTimePercent} % of the {time.TotalSeconds:0} s that a period leaves for one: is the prover fast enough?");
        }
        else if (view.Health.Workers.Idle is IdleReason.ProofsTakeTooLong && view.Health.ProofsPerPeriod is { } most)
        {
            yield return new Sign(
                AlertKind.ProofInDanger,
                AlertSeverity.Warning,
                "",
                $"No more than {most} proofs can be made in a period, so that nothing new is begun: a faster prover could host more.");
        }
    }
}
