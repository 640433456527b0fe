using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Refusals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>What was not for sale, and why.</summary>
internal static class RefusalsResource
{
    public static void MapRefusals(this RouteGroupBuilder api)
    {
        var refusals = api.MapGroup("/refusals").WithTags("Refusals");
        refusals.MapGet("/", Read)
            .WithSummary("How often something was not for sale, by reason")
            .WithDescription("Since the host has started, with the latest of each reason and the one that missed a limit of ours by least.");
        refusals.MapGet("/log", ReadLogAsync)
            .WithSummary("What was not for sale lately")
            .WithDescription("The latest first, in pages, out of the store, which keeps 10,000. The last ten seconds may be missing.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<IReadOnlyList<RefusalTallyRow>> Read(ISalesHost host) =>
        TypedResults.Ok<IReadOnlyList<RefusalTallyRow>>([.. host.RefusalTallies.OrderByDescending(tally => tally.Count).Select(RefusalTallyRow.Of)]);

    private static async Task<Results<Ok<RefusalPage>, ProblemHttpResult>> ReadLogAsync(
        ISalesHost host, string? before, string? count, CancellationToken left)
    {
        var (first, most) = (QueryReader.Before(before), QueryReader.Count(count));
        try
        {
            var page = await host.ReadRefusalsAsync(first, most, left).ConfigureAwait(false);
            return TypedResults.Ok(new RefusalPage(
                [.. page.Select(stored => RefusalRow.Of(stored.Refusal))], page.Count < most ? null : page[^1].Number));
        }
        catch (InvalidOperationException none)
        {
            return TypedResults.Problem(none.Message, statusCode: StatusCodes.Status404NotFound);
        }
    }
}

/// <summary>A page of refusals.</summary>
[Description("A page of what was not for sale.")]
internal sealed record RefusalPage(
    [property: Description("The latest first.")] IReadOnlyList<RefusalRow> Items,
    [property: Description("What to give as \"before\" to get the next page; null at the end.")] long? Next);

/// <summary>How often something was refused for one reason.</summary>
[Description("How often something was not for sale for one reason since the host has started.")]
internal sealed record RefusalTallyRow(
    [property: Description("Why, such as priceTooLow.")] string Reason,
    [property: Description("How often.")] long Count,
    [property: Description("The same for people: \"312 paid too little; the nearest offered 3, you ask 5\".")] string Sentence,
    [property: Description("The latest one.")] RefusalRow Last,
    [property: Description("The one that missed a limit of ours by least; the latest one where no limit decided.")] RefusalRow Nearest)
{
    public static RefusalTallyRow Of(RefusalTally tally) =>
        new(Names.Of(tally.Reason), tally.Count, Tell(tally), RefusalRow.Of(tally.Last), RefusalRow.Of(tally.Nearest));

    private static string Tell(RefusalTally tally) => tally.Nearest is not { Offered: { } offered, Limit: { } limit }
        ? $"{tally.Count} refused; the last: {tally.Last.Detail}"
        : tally.Reason switch
        {
            RefusalReason.PriceTooLow => $"{tally.Count} paid too little; the nearest paid {offered} for each byte and second, you ask {limit}.",
            RefusalReason.TooLong => $"{tally.Count} run too long; the nearest runs {offered} s, you allow {limit} s.",
            RefusalReason.EndsTooLate => $"{tally.Count} end too late; the nearest ends at {offered}, you allow {limit} (Unix seconds).",
            RefusalReason.TooLarge => $"{tally.Count} are too large; the nearest needs {offered} bytes, you had {limit} free.",
            RefusalReason.CollateralTooHigh => $"{tally.Count} want too much collateral; the nearest wants {offered}, you had {limit} free.",
            _ => $"{tally.Count} refused; the nearest has {offered}, the limit is {limit}.",
        };
}

/// <summary>Something that was not for sale.</summary>
[Description("Something that was not for sale.")]
internal sealed record RefusalRow(
    [property: Description("When, on the chain's clock.")] Moment At,
    [property: Description("The request's id.")] string RequestId,
    [property: Description("Which slot of it; null where it concerns the request as a whole.")] ulong? SlotIndex,
    [property: Description("Why, such as priceTooLow.")] string Reason,
    [property: Description("The same in a sentence.")] string Detail,
    [property: Description("The number of the request that a limit decided on, as digits; null where none did.")] string? Offered,
    [property: Description("The limit of ours that came closest to it, as digits.")] string? Limit)
{
    public static RefusalRow Of(Refusal refusal) => new(
        Moment.Of(refusal.At),
        $"{refusal.RequestId}",
        refusal.SlotIndex,
        Names.Of(refusal.Reason),
        refusal.Detail,
        refusal.Offered?.ToString(),
        refusal.Limit?.ToString());
}
