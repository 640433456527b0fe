using System.ComponentModel;
using CodexSales.Rx.Caching;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Queueing;
using CodexSales.Rx.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The slots that can be sold now, best first.</summary>
internal static class QueueResource
{
    public static void MapQueue(this RouteGroupBuilder api)
    {
        var queue = api.MapGroup("/queue").WithTags("Queue");
        queue.MapGet("/", Read)
            .WithSummary("A page of the queue")
            .WithDescription("The slots that can be sold now, the best first, as of one moment.");
        queue.MapGet("/live", ReadLive)
            .WithSummary("The front of the queue, live")
            .WithDescription("Server-sent events: the first slots at once, then each change of them, with its cause.")
            .Produces<LiveEvent<QueueRow>>(StatusCodes.Status200OK, "text/event-stream");
        queue.MapPatch("/", ChangeAsync)
            .Accepts<QueueInput>("application/json")
            .WithSummary("Change how many slots are queued")
            .WithDescription("Until the next start of the host, which reads its options again.");
    }

    private static Ok<QueuePage> Read(ISalesHost host, string? offset, string? count)
    {
        var first = (int)QueryReader.Whole("offset", offset, 0, int.MaxValue, 0);
        var page = host.Queue.Page(first, QueryReader.Count(count));
        return TypedResults.Ok(new QueuePage(
            page.Version, page.TotalCount, host.Queue.Capacity, page.Offset, [.. page.Items.Select(QueueRow.Of)]));
    }

    private static LiveListResult<QueueRow> ReadLive(ISalesHost host, HttpContext context, string? count)
    {
        var queue = host.Queue;
        return LiveList.Of(context, queue, queue.Top(QueryReader.Count(count)).ToAsyncEnumerable(), QueueRow.Of);
    }

    private static async Task<Ok<QueuePage>> ChangeAsync(ISalesHost host, HttpRequest request, CancellationToken left)
    {
        var body = await BodyReader.ReadAsync(request, ["capacity"]).ConfigureAwait(false);
        var capacity = body.Whole("capacity", 1, SlotQueue.LargestCapacity)
            ?? throw OperatorInputException.Missing("capacity", $"a whole number from 1 to {SlotQueue.LargestCapacity}");
        await host.TellAsync(() => host.Queue.SetCapacity((int)capacity), left).ConfigureAwait(false);
        return TypedResults.Ok(new QueuePage(host.Queue.Snapshot.Version, host.Queue.Count, host.Queue.Capacity, 0, []));
    }
}

/// <summary>What can be changed of the queue.</summary>
[Description("What can be changed of the queue.")]
internal sealed record QueueInput([property: Description("How many slots it holds; 1 to 1,000,000.")] int Capacity);

/// <summary>A page of the queue.</summary>
[Description("A page of the queue, as of one moment.")]
internal sealed record QueuePage(
    [property: Description("The number of the queue's last commit.")] long Version,
    [property: Description("How many slots are queued.")] int Total,
    [property: Description("How many can be.")] int Capacity,
    [property: Description("How many come before this page.")] int Offset,
    [property: Description("The slots, the best first.")] IReadOnlyList<QueueRow> Items);

/// <summary>A slot that can be sold.</summary>
[Description("A slot that can be sold. Amounts are digits, in the token's smallest unit.")]
internal sealed record QueueRow
{
    [Description("The slot's id.")]
    public required string SlotId { get; init; }

    [Description("The request's id.")]
    public required string RequestId { get; init; }

    [Description("Which slot of the request, from 0.")]
    public required ulong SlotIndex { get; init; }

    [Description("Its size.")]
    public required ulong SlotSizeBytes { get; init; }

    [Description("For how long it would be hosted.")]
    public required ulong DurationSeconds { get; init; }

    [Description("What is paid for each byte and second.")]
    public required string PricePerBytePerSecond { get; init; }

    [Description("What is paid in the end, if it were filled now.")]
    public required string Reward { get; init; }

    [Description("What has to be put at risk.")]
    public required string Collateral { get; init; }

    [Description("Until when it can be filled.")]
    public required Moment ExpiresAt { get; init; }

    [Description("Until when it would be hosted.")]
    public required Moment EndsAt { get; init; }

    [Description("Whether another host has lost it.")]
    public required bool IsRepair { get; init; }

    [Description("Whether it was given up for want of space or collateral, and waits until there is more.")]
    public required bool IsDeferred { get; init; }

    public static QueueRow Of(OpenSlot slot) => new()
    {
        SlotId = $"{slot.Slot.SlotId}",
        RequestId = $"{slot.Slot.RequestId}",
        SlotIndex = slot.SlotIndex,
        SlotSizeBytes = slot.Terms.Ask.SlotSizeBytes,
        DurationSeconds = slot.Terms.DurationSeconds,
        PricePerBytePerSecond = $"{slot.Terms.Ask.PricePerBytePerSecond}",
        Reward = $"{slot.Terms.Reward}",
        Collateral = $"{slot.Terms.Collateral}",
        ExpiresAt = Moment.Of(slot.Terms.ExpiresAt),
        EndsAt = Moment.Of(slot.Terms.EndsAt),
        IsRepair = slot.Terms.IsRepair,
        IsDeferred = slot.IsDeferred,
    };
}
