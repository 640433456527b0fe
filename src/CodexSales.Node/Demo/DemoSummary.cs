using CodexSales.Node.Formatting;

namespace CodexSales.Node.Demo;

/// <summary>The result of a demo, in lines.</summary>
internal static class DemoSummary
{
    public static IEnumerable<string> Lines(DemoMarket market, DemoBook book, DemoOptions options)
    {
        var sales = book.Sales;
        yield return "";
        yield return $"After {Figures.Span((ulong)market.Elapsed.TotalSeconds)} on the market (seed {options.Seed}):";
        yield return Row(
            "Slots sold",
            $"{sales.Filled} filled of {sales.Started} tried; {sales.Finished} paid, {sales.Hosted} still hosted");
        yield return Row(
            "Earned",
            $"{Figures.Tokens(sales.Earned)} paid, {Figures.Tokens(book.Expected)} expected of what is still hosted");
        yield return Row("Not sold", Reasons(book.Unsold));
        yield return Row("Refused", Reasons(book.Refused));
        yield return Row(
            "Queue",
            $"{book.QueuePeak} of {options.QueueSize} places at its peak, {market.Pipeline.Queue.Count} at the end");
        var atWork = (int)Math.Round(100 * (book.TimeAtWork / (market.Elapsed * options.Workers)));
        yield return Row(
            "Workers",
            $"{sales.MostAcquisitions} of {options.Workers} busy at once at most; at work for {atWork} % of the time");
        foreach (var balance in market.Pipeline.Availabilities.Snapshot)
        {
            yield return Row(
                $"Space '{balance.Availability.Id}'",
                $"{Figures.Bytes(balance.FreeBytes)} of {Figures.Bytes(balance.Availability.TotalBytes)} free");
        }
    }

    private static string Row(string name, string text) => $"  {name,-18} {text}";

    private static string Reasons<T>(IReadOnlyDictionary<T, int> counts)
        where T : struct, Enum => counts.Count == 0
            ? "none"
            : $"{counts.Values.Sum()}: " + string.Join(
                ", ",
                counts.OrderByDescending(count => count.Value).Select(count => $"{count.Value} {Words.Of(count.Key)}"));
}
