using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>How the host is doing.</summary>
internal static class HealthResource
{
    public static void MapHealth(this RouteGroupBuilder api) => api.MapGet("/health", Read)
        .WithTags("Health")
        .WithSummary("How the host is doing")
        .WithDescription("Whether it sells, and if not, why, in one sentence, with the figures behind it.");

    private static Ok<HealthAnswer> Read(ISalesHost host) => TypedResults.Ok(HealthAnswer.Of(host.Health));
}

/// <summary>How the host is doing.</summary>
[Description("How the host is doing at one moment.")]
internal sealed record HealthAnswer
{
    [Description("Whether it sells, and if not, why, in a sentence or two.")]
    public required string Sentence { get; init; }

    [Description("selling, waiting (nothing to do, or not allowed to), or stopped (nothing can be sold).")]
    public required string Status { get; init; }

    [Description("What keeps it from selling at all; null when nothing does.")]
    public required string? Problem { get; init; }

    [Description("When.")]
    public required Moment At { get; init; }

    [Description("The newest block; null before the first one.")]
    public required Block? Block { get; init; }

    [Description("How many seconds ago that block was heard of.")]
    public required double BlockAgeSeconds { get; init; }

    [Description("What the workers do.")]
    public required WorkersAnswer Workers { get; init; }

    [Description("How many slots are queued.")]
    public required int Queued { get; init; }

    [Description("How many slots of the whole market can be filled, as digits.")]
    public required string OpenSlots { get; init; }

    [Description("How many slots are hosted.")]
    public required int Hosted { get; init; }

    [Description("How many proofs of these were missed.")]
    public required int MissedProofs { get; init; }

    [Description("Ports that fail now.")]
    public required IReadOnlyList<FailingPortAnswer> FailingPorts { get; init; }

    [Description("What is sold, and what came of it, in the token's smallest unit.")]
    public required BooksAnswer Books { get; init; }

    public static HealthAnswer Of(SalesHostHealth health)
    {
        var pipeline = health.Pipeline!; // The errors of the API answer before there is one.
        return new HealthAnswer
        {
            Sentence = health.Sentence,
            Status = health.Problem is not null || pipeline.IsBlockOverdue ? "stopped" : pipeline.Workers.Idle is null ? "selling" : "waiting",
            Problem = health.Problem,
            At = Moment.Of(pipeline.At),
            Block = Block.Of(pipeline.Head),
            BlockAgeSeconds = pipeline.SinceHead.TotalSeconds,
            Workers = WorkersAnswer.Of(pipeline.Workers, null),
            Queued = pipeline.Queued,
            OpenSlots = $"{pipeline.OpenSlots}",
            Hosted = pipeline.Hosted,
            MissedProofs = pipeline.MissedProofs,
            FailingPorts = [.. pipeline.FailingPorts.Select(FailingPortAnswer.Of)],
            Books = new BooksAnswer(
                pipeline.Books.Sales,
                $"{pipeline.Books.HeldBytes}",
                $"{pipeline.Books.UsedBytes}",
                $"{pipeline.Books.HeldCollateral}",
                $"{pipeline.Books.ExpectedReward}",
                pipeline.Books.Paid,
                $"{pipeline.Books.Earned}",
                $"{pipeline.Books.Slashed}",
                $"{pipeline.Books.Lost}"),
        };
    }
}

/// <summary>A port that fails.</summary>
[Description("A part of the host that fails.")]
internal sealed record FailingPortAnswer(
    [property: Description("market, transactions, storage, prover or store.")] string Port,
    [property: Description("How often it failed in a row.")] int Failures,
    [property: Description("The last error, as it was told.")] string LastError,
    [property: Description("Since when.")] Moment Since)
{
    public static FailingPortAnswer Of(FailingPort port) => new(Names.Of(port.Port), port.Failures, port.LastError, Moment.Of(port.Since));
}

/// <summary>The books over all availabilities.</summary>
[Description("What is sold over all availabilities, and what came of it. Amounts are digits, in the token's smallest unit.")]
internal sealed record BooksAnswer(
    [property: Description("How many sales hold space.")] int Sales,
    [property: Description("Bytes that are held and not written yet.")] string HeldBytes,
    [property: Description("Bytes that are written.")] string UsedBytes,
    [property: Description("The collateral of running sales.")] string HeldCollateral,
    [property: Description("What filled slots are paid, if no proof is missed.")] string ExpectedReward,
    [property: Description("How many sales were paid.")] long Paid,
    [property: Description("What these earned.")] string Earned,
    [property: Description("What was slashed for missed proofs.")] string Slashed,
    [property: Description("The collateral of slots that were lost.")] string Lost);
