using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Selling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The sales that are under way.</summary>
internal static class SalesResource
{
    public static void MapSales(this RouteGroupBuilder api)
    {
        var sales = api.MapGroup("/sales").WithTags("Sales");
        sales.MapGet("/", Read)
            .WithSummary("A page of the running sales")
            .WithDescription("The sales under way, in the order in which they began, as of one moment.");
        sales.MapGet("/{number}", ReadOne)
            .WithSummary("One running sale")
            .WithDescription("A sale by its number, as long as it is under way.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        sales.MapGet("/live", ReadLive)
            .WithSummary("The running sales, live")
            .WithDescription("Server-sent events: all of them at once, then each change, whose cause is the state that a sale came to.")
            .Produces<LiveEvent<SaleRow>>(StatusCodes.Status200OK, "text/event-stream");
    }

    private static Ok<SalesPage> Read(ISalesHost host, string? offset, string? count)
    {
        var first = (int)QueryReader.Whole("offset", offset, 0, int.MaxValue, 0);
        var snapshot = host.Sales.Snapshot;
        return TypedResults.Ok(new SalesPage(
            snapshot.Version,
            snapshot.Items.Length,
            first,
            [.. snapshot.Items.Skip(first).Take(QueryReader.Count(count)).Select(SaleRow.Of)]));
    }

    private static Results<Ok<SaleRow>, ProblemHttpResult> ReadOne(ISalesHost host, string number)
    {
        var wanted = (long)QueryReader.Whole("number", number, 1, long.MaxValue, 0);
        return host.Sales.Snapshot.Items.FirstOrDefault(step => step.Sale.Number == wanted) is { } found
            ? TypedResults.Ok(SaleRow.Of(found))
            : TypedResults.Problem($"number: {wanted} is given, but no sale of that number is under way.", statusCode: StatusCodes.Status404NotFound);
    }

    private static LiveListResult<SaleRow> ReadLive(ISalesHost host, HttpContext context)
    {
        var sales = host.Sales;
        return LiveList.Of(context, sales, sales.ConnectAsync(), SaleRow.Of);
    }
}

/// <summary>A page of running sales.</summary>
[Description("A page of running sales, as of one moment.")]
internal sealed record SalesPage(
    [property: Description("The number of the list's last commit.")] long Version,
    [property: Description("How many sales are under way.")] int Total,
    [property: Description("How many come before this page.")] int Offset,
    [property: Description("The sales, the oldest first.")] IReadOnlyList<SaleRow> Items);

/// <summary>A sale under way.</summary>
[Description("A sale under way. Amounts are digits, in the token's smallest unit.")]
internal sealed record SaleRow
{
    [Description("Its number.")]
    public required long Number { get; init; }

    [Description("The slot's id.")]
    public required string SlotId { get; init; }

    [Description("The request's id.")]
    public required string RequestId { get; init; }

    [Description("Which slot of the request, from 0.")]
    public required ulong SlotIndex { get; init; }

    [Description("Its state, by the name that Codex gives it, such as SaleProving.")]
    public required string State { get; init; }

    [Description("Since when it is in that state, or has missed that many proofs.")]
    public required Moment Since { get; init; }

    [Description("When it began.")]
    public required Moment StartedAt { get; init; }

    [Description("How many proofs were missed.")]
    public required int MissedProofs { get; init; }

    [Description("The size of the slot.")]
    public required ulong SlotSizeBytes { get; init; }

    [Description("What is paid in the end.")]
    public required string Reward { get; init; }

    [Description("What is at risk.")]
    public required string Collateral { get; init; }

    [Description("Until when it is hosted.")]
    public required Moment EndsAt { get; init; }

    public static SaleRow Of(SaleStep step) => new()
    {
        Number = step.Sale.Number,
        SlotId = $"{step.Sale.Slot.SlotId}",
        RequestId = $"{step.Sale.Slot.RequestId}",
        SlotIndex = step.Sale.Slot.SlotIndex,
        State = $"{step.State}",
        Since = Moment.Of(step.At),
        StartedAt = Moment.Of(step.Sale.StartedAt),
        MissedProofs = step.MissedProofs,
        SlotSizeBytes = step.Sale.Terms.Ask.SlotSizeBytes,
        Reward = $"{step.Sale.Terms.Reward}",
        Collateral = $"{step.Sale.Terms.Collateral}",
        EndsAt = Moment.Of(step.Sale.Terms.EndsAt),
    };
}
