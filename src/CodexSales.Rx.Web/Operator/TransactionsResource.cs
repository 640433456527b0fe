using System.ComponentModel;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Chain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>What was sent to the chain.</summary>
internal static class TransactionsResource
{
    public static void MapTransactions(this RouteGroupBuilder api) => api.MapGet("/transactions", ReadAsync)
        .WithTags("Chain")
        .WithSummary("What was sent to the chain")
        .WithDescription(
            "The highest nonce first, in pages: what is in flight, and what ended in the last day or so. None on a market that is simulated.");

    private static async Task<Ok<TransactionPage>> ReadAsync(
        ISalesHost host, string? before, string? count, string? inFlight, CancellationToken left)
    {
        var (first, most) = ((ulong)QueryReader.Before(before), QueryReader.Count(count));
        var page = await host.ReadTransactionsAsync(first, most, QueryReader.Flag("inFlight", inFlight), left).ConfigureAwait(false);
        return TypedResults.Ok(new TransactionPage([.. page.Select(TransactionRow.Of)], page.Count < most || page[^1].Nonce == 0 ? null : page[^1].Nonce));
    }
}

/// <summary>A page of transactions.</summary>
[Description("A page of transactions.")]
internal sealed record TransactionPage(
    [property: Description("The highest nonce first.")] IReadOnlyList<TransactionRow> Items,
    [property: Description("What to give as \"before\" to get the next page; null at the end.")] ulong? Next);

/// <summary>A transaction.</summary>
[Description("What was sent under one nonce. Amounts are digits; those of fees in wei, the others in the token's smallest unit.")]
internal sealed record TransactionRow
{
    [Description("The account's number of it.")]
    public required ulong Nonce { get; init; }

    [Description("What it does: approve, reserveSlot, fillSlot, submitProof, freeSlot or fillNonce.")]
    public required string Kind { get; init; }

    [Description("The request's id; null where it is about none.")]
    public required string? RequestId { get; init; }

    [Description("Which slot of it.")]
    public required ulong? SlotIndex { get; init; }

    [Description("The period of a proof.")]
    public required ulong? Period { get; init; }

    [Description("The tokens of an approval, or the collateral of a fill.")]
    public required string Amount { get; init; }

    [Description("inFlight (or mined, and not deep enough yet), landed, reverted, rejected, cancelled or superseded.")]
    public required string State { get; init; }

    [Description("When it was sent first.")]
    public required Moment SentAt { get; init; }

    [Description("When it ended; null while it has not.")]
    public required Moment? EndedAt { get; init; }

    [Description("How often it was sent.")]
    public required int Attempts { get; init; }

    [Description("Its hash; null where only the node knows it.")]
    public required string? Hash { get; init; }

    [Description("The block that holds it, once it has ended so.")]
    public required ulong? Block { get; init; }

    [Description("What it cost in fees, in wei, once it has ended.")]
    public required string? SpentWei { get; init; }

    [Description("The last that was heard of it, in a sentence; null where nothing was since the start.")]
    public required string? LastHeard { get; init; }

    public static TransactionRow Of(HostTransaction sent) => new()
    {
        Nonce = sent.Nonce,
        Kind = Names.Of(sent.Purpose.Kind),
        RequestId = sent.Purpose.Slot?.RequestId.ToString(),
        SlotIndex = sent.Purpose.Slot?.SlotIndex,
        Period = sent.Purpose.Period,
        Amount = $"{sent.Purpose.Amount}",
        State = sent.End is { } end ? Names.Of(end.Kind) : "inFlight",
        SentAt = Moment.Of(sent.SentAt),
        EndedAt = Moment.Of(sent.End?.At),
        Attempts = sent.Attempts,
        Hash = sent.Hash?.ToString(),
        Block = sent.End?.BlockNumber,
        SpentWei = sent.End?.SpentWei.ToString(),
        LastHeard = sent.LastHeard,
    };
}
