using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Alerts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>What the operator should know of.</summary>
internal static class AlertsResource
{
    public static void MapAlerts(this RouteGroupBuilder api)
    {
        var alerts = api.MapGroup("/alerts").WithTags("Alerts");
        alerts.MapGet("/", Read)
            .WithSummary("What the operator should know of")
            .WithDescription(
                $"The alerts that are active, in the order in which they began, and up to {SalesAlerts.MostPast} that are over, the latest first.");
        alerts.MapGet("/live", ReadLive)
            .WithSummary("The active alerts, live")
            .WithDescription("Server-sent events: all of them at once, then each change, with its cause.")
            .Produces<LiveEvent<AlertRow>>(StatusCodes.Status200OK, "text/event-stream");
        alerts.MapPost("/{number}/dismiss", DismissAsync)
            .WithSummary("Dismiss an alert")
            .WithDescription("It is over, and told again only when it has been over meanwhile, or happens once more.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        alerts.MapPost("/test", TestAsync)
            .WithSummary("Raise an alert to test the receivers")
            .WithDescription("It is sent to all of them as any other is, and ends by itself.");
    }

    private static Ok<AlertsAnswer> Read(ISalesHost host) => TypedResults.Ok(new AlertsAnswer(
        [.. host.Alerts.Snapshot.Items.Select(AlertRow.Of)], [.. host.Alerts.Past.Select(AlertRow.Of)]));

    private static LiveListResult<AlertRow> ReadLive(ISalesHost host, HttpContext context) =>
        LiveList.Of(context, host.Alerts, host.Alerts.ConnectAsync(), AlertRow.Of);

    private static async Task<Results<Ok<AlertRow>, ProblemHttpResult>> DismissAsync(ISalesHost host, string number)
    {
        var wanted = (long)QueryReader.Whole("number", number, 1, long.MaxValue, 0);
        return await host.Alerts.DismissAsync(wanted).ConfigureAwait(false) is { } dismissed
            ? TypedResults.Ok(AlertRow.Of(dismissed))
            : TypedResults.Problem($"number: {wanted} is given, but no alert of that number is active.", statusCode: StatusCodes.Status404NotFound);
    }

    private static async Task<Ok<AlertRow>> TestAsync(ISalesHost host) =>
        TypedResults.Ok(AlertRow.Of(await host.Alerts.TestAsync().ConfigureAwait(false)));
}

/// <summary>Alerts.</summary>
[Description("Alerts.")]
internal sealed record AlertsAnswer(
    [property: Description("Those that are active, in the order in which they began.")] IReadOnlyList<AlertRow> Active,
    [property: Description("Those that are over, the latest first.")] IReadOnlyList<AlertRow> Past);

/// <summary>An alert.</summary>
[Description("Something that the operator should know of, and may have to act on.")]
internal sealed record AlertRow(
    [property: Description("Its number.")] long Number,
    [property: Description("What it is about, such as proofMissed.")] string Kind,
    [property: Description("information, warning or critical.")] string Severity,
    [property: Description("Which slot, node, folder or transaction; empty where there is only one.")] string Subject,
    [property: Description("What happened, in a sentence.")] string Sentence,
    [property: Description("When it began.")] Moment Since,
    [property: Description("When it was over; null while it is active.")] Moment? Until,
    [property: Description("How often it happened since.")] int Count,
    [property: Description("Whether it is over because somebody dismissed it.")] bool Dismissed)
{
    public static AlertRow Of(Alert alert) => new(
        alert.Id,
        Names.Of(alert.Kind),
        Names.Of(alert.Severity),
        alert.Subject,
        alert.Sentence,
        Moment.Of(alert.Since),
        Moment.Of(alert.Until),
        alert.Count,
        alert.IsDismissed);
}
