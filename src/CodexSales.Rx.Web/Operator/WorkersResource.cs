using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Working;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>Who acquires slots.</summary>
internal static class WorkersResource
{
    public static void MapWorkers(this RouteGroupBuilder api)
    {
        var workers = api.MapGroup("/workers").WithTags("Workers");
        workers.MapGet("/", (ISalesHost host) => Answer(host))
            .WithSummary("What the workers do")
            .WithDescription("How many acquire slots, how many may, and why one that may does not.");
        workers.MapPatch("/", ChangeAsync)
            .Accepts<WorkersInput>("application/json")
            .WithSummary("Limit the workers, pause or resume them")
            .WithDescription("Busy ones finish. Until the next start of the host, which reads its options again.");
        workers.MapPost("/pause", (ISalesHost host, CancellationToken left) => PauseAsync(host, true, left))
            .WithSummary("Begin nothing new")
            .WithDescription("Sales under way go on, and hosted slots are proved. The same again changes nothing.");
        workers.MapPost("/resume", (ISalesHost host, CancellationToken left) => PauseAsync(host, false, left))
            .WithSummary("Go on")
            .WithDescription("The same again changes nothing.");
    }

    private static async Task<Ok<WorkersAnswer>> ChangeAsync(ISalesHost host, HttpRequest request, CancellationToken left)
    {
        var body = await BodyReader.ReadAsync(request, ["limit", "paused"]).ConfigureAwait(false);
        var limit = body.Whole("limit", 0, (ulong)host.Options.Pipeline.MaxWorkers);
        var isPaused = body.Flag("paused");
        if (limit is null && isPaused is null)
        {
            throw OperatorInputException.Missing("limit", "it or paused");
        }

        await host.TellAsync(Change, left).ConfigureAwait(false);
        return Answer(host);

        void Change()
        {
            if (limit is { } most)
            {
                host.Workers.SetLimit((int)most);
            }

            if (isPaused is { } wanted)
            {
                Pause(host, wanted);
            }
        }
    }

    private static async Task<Ok<WorkersAnswer>> PauseAsync(ISalesHost host, bool isPaused, CancellationToken left)
    {
        await host.TellAsync(() => Pause(host, isPaused), left).ConfigureAwait(false);
        return Answer(host);
    }

    private static void Pause(ISalesHost host, bool isPaused)
    {
        if (isPaused)
        {
            host.Workers.Pause();
        }
        else
        {
            host.Workers.Resume();
        }
    }

    private static Ok<WorkersAnswer> Answer(ISalesHost host) =>
        TypedResults.Ok(WorkersAnswer.Of(host.Workers.Snapshot, host.Options.Pipeline.MaxWorkers));
}

/// <summary>What can be changed of the workers.</summary>
[Description("What can be changed of the workers: at least one of both.")]
internal sealed record WorkersInput(
    [property: Description("How many may be busy; 0 to the most that there can be.")] int? Limit,
    [property: Description("Whether nothing new is begun.")] bool? Paused);

/// <summary>What the workers do.</summary>
[Description("What the workers do; after a change, with it.")]
internal sealed record WorkersAnswer(
    [property: Description("How many acquire slots.")] int Busy,
    [property: Description("How many may.")] int Limit,
    [property: Description("The most that the limit can be changed to; null where only the state is told.")] int? MaxLimit,
    [property: Description("Whether nothing new is begun.")] bool Paused,
    [property: Description("Why one that may be busy is not, such as queueIsEmpty; null where all are.")] string? Idle,
    [property: Description("Why the host itself begins nothing new, in a sentence; null where it does.")] string? HeldBecause,
    [property: Description("Since when the oldest queued slot has waited for its turn; null where none waits.")] Moment? OldestTicket)
{
    public static WorkersAnswer Of(WorkerStatus status, int? most) => new(
        status.Busy,
        status.Limit,
        most,
        status.IsPaused,
        status.Idle is { } idle ? Names.Of(idle) : null,
        status.HeldBecause,
        Moment.Of(status.OldestTicket));
}
