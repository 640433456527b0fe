using CodexSales.Rx.Ethereum.Intake;
using CodexSales.Rx.Health;

namespace CodexSales.Rx.Hosting;

/// <summary>Whether the host is selling, and if not why, in a sentence or two.</summary>
/// <param name="Now">The moment at which it is said.</param>
/// <param name="Chain">The reading of the chain: as long as that is not up to date, nothing else matters.</param>
/// <param name="Sales">The pipeline.</param>
internal sealed record HealthSentence(DateTimeOffset Now, IntakeHealth Chain, SalesHealth Sales)
{
    public override string ToString() => Chain switch
    {
        { Problem: { } problem } => $"Not up to date: {problem} {Block}.",
        { Progress: { } progress } => $"Reading what happened before: {progress.Fraction:P0} of the blocks from "
            + $"{progress.From} to {progress.To}, {progress.Events} events so far.",
        { Told: null } => "Reading what happened before.",
        _ => Sales.ToString(),
    };

    private string Block => Chain.Head is { } head
        ? $"The newest block, {head.Number}, is {Chain.AgeOfHead(Now)?.TotalSeconds:0} s old"
        : "No block was seen yet";
}
