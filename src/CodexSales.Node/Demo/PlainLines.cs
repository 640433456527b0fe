using CodexSales.Node.Formatting;
using CodexSales.Rx.Selling;

namespace CodexSales.Node.Demo;

/// <summary>Plain lines, with times of the market only: the same seed gives the same lines.</summary>
internal sealed class PlainLines(DemoMarket market, DemoBook book, DemoOptions options, TextWriter output)
{
    /// <summary>The time between two reports, on the market's clock.</summary>
    public static readonly TimeSpan ReportEvery = TimeSpan.FromHours(1);

    public void Open()
    {
        output.WriteLine($"A simulated Codex market (seed {options.Seed}): clients ask, our host and others sell. "
            + "Amounts: k, M, G, T = 10^3, 10^6, 10^9, 10^12 of the token's smallest unit.");
        foreach (var balance in market.Pipeline.Availabilities.Snapshot)
        {
            var offer = balance.Availability;
            output.WriteLine($"For sale '{offer.Id}': {Figures.Bytes(offer.TotalBytes)} "
                + $"for up to {Figures.Span(offer.MaxDurationSeconds)} "
                + $"at {offer.MinPricePerBytePerSecond} or more for each byte and second");
        }
    }

    public void Tell(SaleStep step)
    {
        if (DemoEvents.Describe(step) is { } sentence)
        {
            Write(sentence);
        }
    }

    public void Report() => Write(
        $"{market.Pipeline.Queue.Count} queued, {book.BusyWorkers} of {options.Workers} workers busy, "
            + $"{book.Hosted.Count} hosted, {Figures.Tokens(book.Sales.Earned)} earned");

    private void Write(string sentence) => output.WriteLine($"{Figures.MarketTime(market.Elapsed)}  {sentence}");
}
