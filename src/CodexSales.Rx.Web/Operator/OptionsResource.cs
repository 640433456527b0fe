using System.ComponentModel;
using CodexSales.Rx.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>The limits that are in force.</summary>
internal static class OptionsResource
{
    public static void MapOptions(this RouteGroupBuilder api) => api.MapGet("/options", Read)
        .WithTags("Options")
        .WithSummary("The limits that are in force")
        .WithDescription("As they were set, or changed while the host runs. Nothing secret, and no addresses of nodes, are told.");

    private static Ok<OptionsAnswer> Read(ISalesHost host)
    {
        var options = host.Options;
        var (pipeline, selling, sent) = (options.Pipeline, options.Pipeline.Selling, options.Ethereum.Transactions);
        return TypedResults.Ok(new OptionsAnswer
        {
            Workers = host.Workers.Snapshot.Limit,
            MaxWorkers = pipeline.MaxWorkers,
            QueueCapacity = host.Queue.Capacity,
            MaxRequests = pipeline.MaxRequests,
            ReserveDeadlineSeconds = selling.ReserveDeadline.TotalSeconds,
            DownloadDeadlineSeconds = selling.DownloadDeadline.TotalSeconds,
            DownloadStallDeadlineSeconds = selling.DownloadStallDeadline.TotalSeconds,
            ProveDeadlineSeconds = selling.ProveDeadline.TotalSeconds,
            TransactionDeadlineSeconds = selling.TransactionDeadline.TotalSeconds,
            MaxProofsAtOnce = selling.MaxProofsAtOnce,
            StopWithinSeconds = options.StopWithin.TotalSeconds,
            Transactions = host.Chain.MostInADay is null ? null : new TransactionLimits(
                $"{sent.MaxFeePerGas}", $"{sent.MostWeiPerDay}", sent.MostInFlight, sent.PayoutTo?.ToString()),
        });
    }
}

/// <summary>The limits that are in force.</summary>
[Description("The limits that are in force.")]
internal sealed record OptionsAnswer
{
    [Description("How many slots are acquired at once.")]
    public required int Workers { get; init; }

    [Description("The most that this can be changed to while the host runs.")]
    public required int MaxWorkers { get; init; }

    [Description("How many slots are queued at most.")]
    public required int QueueCapacity { get; init; }

    [Description("How many requests are kept track of at most.")]
    public required int MaxRequests { get; init; }

    [Description("How long a reservation may take.")]
    public required double ReserveDeadlineSeconds { get; init; }

    [Description("How long a download may take.")]
    public required double DownloadDeadlineSeconds { get; init; }

    [Description("How long a download may stand still.")]
    public required double DownloadStallDeadlineSeconds { get; init; }

    [Description("How long a proof may take.")]
    public required double ProveDeadlineSeconds { get; init; }

    [Description("How long a transaction may take.")]
    public required double TransactionDeadlineSeconds { get; init; }

    [Description("How many proofs are made at once at most.")]
    public required int MaxProofsAtOnce { get; init; }

    [Description("How long it is waited at the end for what is on its way.")]
    public required double StopWithinSeconds { get; init; }

    [Description("Those of transactions; null where the market is on no chain.")]
    public required TransactionLimits? Transactions { get; init; }
}

/// <summary>The limits of transactions.</summary>
[Description("The limits of transactions. Amounts are digits, in wei.")]
internal sealed record TransactionLimits(
    [property: Description("The most that is offered for a unit of gas.")] string MaxFeePerGas,
    [property: Description("The most that the fees of 24 hours may be.")] string MostWeiPerDay,
    [property: Description("The most that are in flight.")] int MostInFlight,
    [property: Description("Who is paid, where it is not the account that sells.")] string? PayoutTo);
