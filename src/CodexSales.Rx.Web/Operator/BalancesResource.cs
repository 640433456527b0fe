using System.ComponentModel;
using CodexSales.Rx.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>What the account has.</summary>
internal static class BalancesResource
{
    public static void MapBalances(this RouteGroupBuilder api) => api.MapGet("/balances", ReadAsync)
        .WithTags("Chain")
        .WithSummary("What the account has")
        .WithDescription("As of the newest block, and for how many days the ether lasts for the proofs of what is hosted. Asks the node.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<BalancesAnswer>, ProblemHttpResult>> ReadAsync(ISalesHost host, CancellationToken left) =>
        await host.ReadBalancesAsync(left).ConfigureAwait(false) is { } balances
            ? TypedResults.Ok(new BalancesAnswer(
                Block.Of(balances.AsOf),
                balances.Ether?.ToString(),
                $"{balances.Tokens}",
                balances.Allowance?.ToString(),
                balances.ProofsPerDay,
                balances.WeiPerProof?.ToString(),
                balances.DaysOfProofs))
            : TypedResults.Problem(
                "No block was told yet, or the market has no account that has anything.", statusCode: StatusCodes.Status404NotFound);
}

/// <summary>What the account has.</summary>
[Description("What the account has. Amounts are digits.")]
internal sealed record BalancesAnswer(
    [property: Description("The block that it is as of.")] Block? AsOf,
    [property: Description("Ether, in wei; null where transactions cost nothing.")] string? EtherWei,
    [property: Description("Tokens, in the smallest unit.")] string Tokens,
    [property: Description("What the contract may take of these; null where it needs no leave.")] string? Allowance,
    [property: Description("How many proofs a day the hosted slots want, on average.")] double ProofsPerDay,
    [property: Description("What the last proofs cost in fees, in wei each; null where none is remembered.")] string? WeiPerProof,
    [property: Description("For how many days of proofs the ether lasts; null where none is wanted, or their cost is not known.")]
    double? DaysOfProofs);
