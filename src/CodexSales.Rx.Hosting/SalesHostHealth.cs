using CodexSales.Rx.Health;

namespace CodexSales.Rx.Hosting;

/// <summary>How a host is doing at one moment. Immutable.</summary>
/// <param name="Sentence">Whether it sells, and if not, why, in a sentence or two.</param>
/// <param name="Problem">What keeps it from selling at all; null when nothing does.</param>
/// <param name="Pipeline">The figures of the pipeline; null before the app has started.</param>
public sealed record SalesHostHealth(string Sentence, string? Problem, SalesHealth? Pipeline)
{
    /// <inheritdoc/>
    public override string ToString() => Sentence;
}
