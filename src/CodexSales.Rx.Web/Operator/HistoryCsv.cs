using System.Text;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Rx.Web.Operator;

/// <summary>Past sales as a table in text (RFC 4180).</summary>
internal static class HistoryCsv
{
    private const string Names =
        "number,slotId,requestId,slotIndex,availability,state,reason,startedAt,filledAt,endedAt,missedProofs,slotSizeBytes,collateral,earned,"
        + "collateralLost,spentWei,detail";

    public static async Task WriteAsync(Stream stream, IAsyncEnumerable<StoredPastSale> sales, CancellationToken left)
    {
        var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        await using var _ = writer.ConfigureAwait(false);
        await writer.WriteLineAsync(Names.AsMemory(), left).ConfigureAwait(false);
        await foreach (var sale in sales.WithCancellation(left).ConfigureAwait(false))
        {
            await writer.WriteLineAsync(Line(PastSaleRow.Of(sale)).AsMemory(), left).ConfigureAwait(false);
        }
    }

    private static string Line(PastSaleRow row) => string.Join(',', new object?[]
    {
        row.Number, row.SlotId, row.RequestId, row.SlotIndex, row.Availability, row.State, row.Reason, row.StartedAt.Iso, row.FilledAt?.Iso,
        row.EndedAt.Iso, row.MissedProofs, row.SlotSizeBytes, row.Collateral, row.Earned, row.CollateralLost, row.SpentWei, row.Detail,
    }.Select(value => Field($"{value}")));

    // Programs for tables take text that begins with one of these for a formula: names and details are others' words.
    private static string Field(string text)
    {
        var safe = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return safe.AsSpan().ContainsAny("\",\r\n") ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
