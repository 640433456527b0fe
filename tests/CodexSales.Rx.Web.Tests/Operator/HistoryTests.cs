using System.Net;
using System.Text;
using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Ports.Store;
using CodexSales.Rx.Sqlite;
using CodexSales.Rx.Web.Operator;

namespace CodexSales.Rx.Web.Tests.Operator;

public sealed class HistoryTests
{
    [Fact]
    public void Past_sales_are_read_in_pages_by_filters_and_as_a_file()
    {
        using var host = new ApiHost(isRemembered: true);
        host.Time.RunUntil(() => host.Time.WaitFor(host.Sales.ReadHistoryAsync(count: 20)).Count >= 8);
        var all = Items(host.Get("history?count=1000"));

        var (paged, next) = (new List<string>(), "");
        for (var pages = 0; pages < 100 && next is not null; pages++)
        {
            var page = host.Get($"history?count=3{(next.Length == 0 ? "" : $"&before={next}")}");
            paged.AddRange(Items(page));
            next = page.GetProperty("next").ValueKind is JsonValueKind.Null ? null : $"{page.GetProperty("next")}";
        }

        Assert.True(all.Count >= 8);
        Assert.Equal(all.TakeLast(paged.Count), paged.TakeLast(all.Count));
        Assert.All(all, row => Assert.Equal("0", Property(row, "spentWei"))); // The market is on no chain.
        var reason = Property(all[^1], "reason");
        var ofReason = Items(host.Get($"history?reason={reason}&count=1000"));
        Assert.NotEmpty(ofReason);
        Assert.All(ofReason, row => Assert.Equal(reason, Property(row, "reason")));
        Assert.All(Items(host.Get("history?availability=disk%201")), row => Assert.Equal("disk 1", Property(row, "availability")));
        Assert.Empty(Items(host.Get("history?availability=nobody")));
        Assert.All(
            new[] { "-0", "%2B1", "%201", $"{reason},{reason}", "none" },
            odd => Assert.Equal(400, host.Refused(HttpMethod.Get, $"history?reason={odd}").Status));
        Assert.Empty(Items(host.Get("history?from=2100-01-01T00:00:00Z")));
        Assert.Empty(Items(host.Get("history?to=1")));

        using var byAccept = new HttpRequestMessage(HttpMethod.Get, "/api/v1/history");
        byAccept.Headers.Accept.ParseAdd("text/csv");
        using var byFormat = new HttpRequestMessage(HttpMethod.Get, "/api/v1/history?format=csv");
        foreach (var request in new[] { byAccept, byFormat })
        {
            using var response = host.Answer(request);
            Assert.Equal((HttpStatusCode.OK, "text/csv"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
            var lines = host.Time.WaitFor(response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.StartsWith("number,slotId,requestId", lines[0], StringComparison.Ordinal);
            Assert.EndsWith(",collateralLost,spentWei,detail", lines[0], StringComparison.Ordinal);
            Assert.True(lines.Length > all.Count);
            Assert.Contains(lines, line => line.StartsWith($"{Property(all[^1], "number")},{Property(all[^1], "slotId")},", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_field_of_the_file_that_a_program_for_tables_would_take_for_a_formula_is_text()
    {
        using var stream = new MemoryStream();
        var sale = Sale("=HYPERLINK(\"http://x\"), said \"it\"");

        await HistoryCsv.WriteAsync(stream, new[] { sale }.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.EndsWith(",\"'=HYPERLINK(\"\"http://x\"\"), said \"\"it\"\"\"\r\n", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(340_282_366_920_938UL, "340282366920938")]
    [InlineData(0UL, "0")]
    [InlineData(null, "")]
    public async Task What_a_sale_has_cost_in_fees_is_told_where_it_is_known(ulong? spent, string told)
    {
        using var stream = new MemoryStream();
        var sale = Sale("Paid.") with { SpentWei = spent };

        await HistoryCsv.WriteAsync(stream, new[] { sale }.ToAsyncEnumerable(), TestContext.Current.CancellationToken);

        Assert.EndsWith($",{told},Paid.\r\n", Encoding.UTF8.GetString(stream.ToArray()), StringComparison.Ordinal);
        Assert.Equal(spent is null ? null : told, PastSaleRow.Of(sale).SpentWei);
    }

    private static List<string> Items(JsonElement page) => [.. page.GetProperty("items").EnumerateArray().Select(row => $"{row}")];

    private static string Property(string row, string name) => $"{JsonDocument.Parse(row).RootElement.GetProperty(name)}";

    private static StoredPastSale Sale(string detail) => new(
        new SaleRecord
        {
            Number = 1,
            Terms = new SlotTerms { RequestId = default, Ask = new StorageAsk { Slots = 1, SlotSizeBytes = 1, DurationSeconds = 1, ProofProbability = 1, PricePerBytePerSecond = 1, CollateralPerByte = 1, MaxSlotLoss = 0 }, Reward = 1, Collateral = 1, ExpiresAt = default, EndsAt = default },
            SlotIndex = 0,
            State = SaleStateName.SaleFinished,
            StartedAt = default,
            At = default,
        },
        new SaleEnd(SaleReason.Paid, detail, 1, 0),
        SpentWei: null);
}
