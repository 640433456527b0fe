using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The sales that are over, out of the store.</summary>
internal static class HistoryResource
{
    // What is looked at for one answer: a filter that nothing passes must not read a million rows before it says so.
    private const int MostLookedAt = 10_000;
    private const int ReadAtOnce = 1_000;

    public static void MapHistory(this RouteGroupBuilder api) => api.MapGet("/history", ReadAsync)
        .WithTags("History")
        .WithSummary("The sales that are over")
        .WithDescription(
            "The latest first, in pages: the next one begins before the number in \"next\", which is null at the end. A page may hold fewer "
            + "than were asked for, or none, while there are more. With format=csv, or Accept: text/csv, all of them as one file.")
        .ProducesProblem(StatusCodes.Status404NotFound)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Responses!["200"].Content!["text/csv"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            return Task.CompletedTask;
        });

    private static async Task<Results<Ok<HistoryPage>, PushStreamHttpResult, ProblemHttpResult>> ReadAsync(
        ISalesHost host,
        HttpRequest request,
        string? before,
        string? count,
        string? reason,
        string? availability,
        string? from,
        string? to,
        string? format,
        CancellationToken left)
    {
        var filter = new HistoryFilter(
            QueryReader.Case<SaleReason>("reason", reason),
            QueryReader.Id("availability", availability),
            QueryReader.Moment("from", from),
            QueryReader.Moment("to", to));
        if (format is not (null or "" or "json" or "csv"))
        {
            throw OperatorInputException.Expected("format", format, "json or csv");
        }

        var (first, most) = (QueryReader.Before(before), QueryReader.Count(count));
        IReadOnlyList<StoredPastSale> start;
        try
        {
            start = await host.ReadHistoryAsync(first, ReadAtOnce, left).ConfigureAwait(false);
        }
        catch (InvalidOperationException none)
        {
            return TypedResults.Problem(none.Message, statusCode: StatusCodes.Status404NotFound);
        }

        return format is "csv" || (format is null or "" && WantsCsv(request))
            ? TypedResults.Stream(
                stream => HistoryCsv.WriteAsync(stream, FindAsync(host, filter, start, left), left), "text/csv; charset=utf-8", "sales.csv")
            : TypedResults.Ok(await PageAsync(host, filter, start, most, left).ConfigureAwait(false));
    }

    private static bool WantsCsv(HttpRequest request) => request.GetTypedHeaders().Accept
        .OrderByDescending(media => media.Quality ?? 1)
        .FirstOrDefault()?.MediaType == "text/csv";

    private static async Task<HistoryPage> PageAsync(
        ISalesHost host, HistoryFilter filter, IReadOnlyList<StoredPastSale> read, int most, CancellationToken left)
    {
        var found = new List<PastSaleRow>();
        for (var lookedAt = 0; read.Count > 0; read = await host.ReadHistoryAsync(read[^1].Sale.Number, ReadAtOnce, left).ConfigureAwait(false))
        {
            foreach (var sale in read)
            {
                lookedAt++;
                if (filter.Passes(sale))
                {
                    found.Add(PastSaleRow.Of(sale));
                }

                if (found.Count == most || lookedAt == MostLookedAt)
                {
                    return new HistoryPage(found, sale.Sale.Number);
                }
            }

            if (read.Count < ReadAtOnce)
            {
                break;
            }
        }

        return new HistoryPage(found, null);
    }

    private static async IAsyncEnumerable<StoredPastSale> FindAsync(
        ISalesHost host,
        HistoryFilter filter,
        IReadOnlyList<StoredPastSale> read,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken left)
    {
        for (; read.Count > 0; read = await host.ReadHistoryAsync(read[^1].Sale.Number, ReadAtOnce, left).ConfigureAwait(false))
        {
            foreach (var sale in read.Where(filter.Passes))
            {
                yield return sale;
            }
        }
    }
}

/// <summary>Which past sales are wanted.</summary>
internal sealed record HistoryFilter(SaleReason? Reason, AvailabilityId? Availability, UnixSeconds? From, UnixSeconds? To)
{
    public bool Passes(StoredPastSale past) =>
        (Reason is not { } reason || past.End.Reason == reason)
        && (Availability is not { } id || past.Sale.HeldIn == id)
        && (From is not { } from || past.Sale.At >= from)
        && (To is not { } to || past.Sale.At < to);
}

/// <summary>A page of past sales.</summary>
[Description("A page of past sales.")]
internal sealed record HistoryPage(
    [property: Description("The sales, the latest first.")] IReadOnlyList<PastSaleRow> Items,
    [property: Description("What to give as \"before\" to get the next page; null at the end.")] long? Next);

/// <summary>A sale that is over.</summary>
[Description("A sale that is over. Amounts are digits; those of fees in wei, the others in the token's smallest unit.")]
internal sealed record PastSaleRow
{
    [Description("Its number.")]
    public required long Number { get; init; }

    [Description("The slot's id.")]
    public required string SlotId { get; init; }

    [Description("The request's id.")]
    public required string RequestId { get; init; }

    [Description("Which slot of the request, from 0.")]
    public required ulong SlotIndex { get; init; }

    [Description("The availability that it held space of; null where it found none.")]
    public required string? Availability { get; init; }

    [Description("The state in which it ended, by the name that Codex gives it.")]
    public required string State { get; init; }

    [Description("Why it ended, such as paid or filledByAnother.")]
    public required string Reason { get; init; }

    [Description("The same in a sentence.")]
    public required string Detail { get; init; }

    [Description("When it began.")]
    public required Moment StartedAt { get; init; }

    [Description("When the slot was filled; null where it was not.")]
    public required Moment? FilledAt { get; init; }

    [Description("When it ended.")]
    public required Moment EndedAt { get; init; }

    [Description("How many proofs were missed.")]
    public required int MissedProofs { get; init; }

    [Description("The size of the slot.")]
    public required ulong SlotSizeBytes { get; init; }

    [Description("What was put at risk.")]
    public required string Collateral { get; init; }

    [Description("What was paid.")]
    public required string Earned { get; init; }

    [Description("What did not come back of the collateral.")]
    public required string CollateralLost { get; init; }

    [Description("What its transactions have cost in fees, in wei; null where it is unknown, as of sales that ended before this was kept.")]
    public required string? SpentWei { get; init; }

    public static PastSaleRow Of(StoredPastSale past) => new()
    {
        Number = past.Sale.Number,
        SlotId = $"{past.Sale.Slot.SlotId}",
        RequestId = $"{past.Sale.Slot.RequestId}",
        SlotIndex = past.Sale.SlotIndex,
        Availability = past.Sale.HeldIn?.ToString(),
        State = $"{past.Sale.State}",
        Reason = Names.Of(past.End.Reason),
        Detail = past.End.Detail,
        StartedAt = Moment.Of(past.Sale.StartedAt),
        FilledAt = Moment.Of(past.Sale.FilledAt),
        EndedAt = Moment.Of(past.Sale.At),
        MissedProofs = past.Sale.MissedProofs,
        SlotSizeBytes = past.Sale.Terms.Ask.SlotSizeBytes,
        Collateral = $"{past.Sale.Terms.Collateral}",
        Earned = $"{past.End.Earned}",
        CollateralLost = $"{past.End.CollateralLost}",
        SpentWei = past.SpentWei?.ToString(),
    };
}
