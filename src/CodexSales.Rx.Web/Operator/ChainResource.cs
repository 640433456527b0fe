using System.ComponentModel;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Hosting;
using CodexSales.Rx.Hosting.Chain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace CodexSales.Rx.Web.Operator;

/// <summary>Where the chain stands.</summary>
internal static class ChainResource
{
    public static void MapChain(this RouteGroupBuilder api) => api.MapGet("/chain", Read)
        .WithTags("Chain")
        .WithSummary("Where the chain stands")
        .WithDescription("By what was heard of it last: blocks, nodes, fees. Asks nobody.");

    private static Ok<ChainAnswer> Read(ISalesHost host) => TypedResults.Ok(ChainAnswer.Of(host.Chain));
}

/// <summary>Where the chain stands.</summary>
[Description("Where the chain stands, by what was heard of it last. Amounts are digits, in wei.")]
internal sealed record ChainAnswer
{
    [Description("Who sells.")]
    public required string Account { get; init; }

    [Description("The chain; null where it was not asked for yet, or the market is on none.")]
    public required ulong? ChainId { get; init; }

    [Description("The contract; null where the market is none.")]
    public required string? Marketplace { get; init; }

    [Description("The newest block whose events were told; null before the first one.")]
    public required Block? Block { get; init; }

    [Description("How many seconds ago that block was heard of.")]
    public required double BlockAgeSeconds { get; init; }

    [Description("Whether no block came for so long that nothing can be sold.")]
    public required bool BlockOverdue { get; init; }

    [Description("The newest block of the node that is asked.")]
    public required Block? NodeBlock { get; init; }

    [Description("How many blocks of the node are not told yet.")]
    public required ulong? LagBlocks { get; init; }

    [Description("Why events are not up to date, in a sentence; null where they are.")]
    public required string? Problem { get; init; }

    [Description("What was found of the nodes that does no harm yet, in a sentence; null without one.")]
    public required string? Notice { get; init; }

    [Description("The nodes, the preferred one first.")]
    public required IReadOnlyList<EndpointRow> Endpoints { get; init; }

    [Description("What gas cost when a transaction was priced last; null before the first one.")]
    public required FeesAnswer? Fees { get; init; }

    [Description("The fees of the last 24 hours.")]
    public required string? SpentInADayWei { get; init; }

    [Description("The most that may be spent so.")]
    public required string? MostInADayWei { get; init; }

    public static ChainAnswer Of(ChainStatus status) => new()
    {
        Account = $"{status.Account}",
        ChainId = status.ChainId,
        Marketplace = status.Marketplace?.ToString(),
        Block = Operator.Block.Of(status.Block),
        BlockAgeSeconds = status.SinceBlock.TotalSeconds,
        BlockOverdue = status.IsBlockOverdue,
        NodeBlock = Operator.Block.Of(status.NodeBlock),
        LagBlocks = status.Lag,
        Problem = status.Problem,
        Notice = status.Notice,
        Endpoints = [.. status.Endpoints.Select(node => new EndpointRow(node.Name, node.IsAsked, node.Connections, node.Problem))],
        Fees = FeesAnswer.Of(status.GasPrice),
        SpentInADayWei = status.SpentInADay?.ToString(),
        MostInADayWei = status.MostInADay?.ToString(),
    };
}

/// <summary>A node.</summary>
[Description("A node of the chain, by a name without secrets.")]
internal sealed record EndpointRow(
    [property: Description("Its name.")] string Name,
    [property: Description("Whether it is the one that is asked now.")] bool Asked,
    [property: Description("How often it was connected to.")] long Connections,
    [property: Description("What is wrong, in a sentence; null where nothing is.")] string? Problem);

/// <summary>What gas costs.</summary>
[Description("What a unit of gas cost when a transaction was priced last, in wei, as digits.")]
internal sealed record FeesAnswer(
    [property: Description("The height of the newest block then.")] ulong AsOfBlock,
    [property: Description("The base fee; 0 on a chain that has none.")] string BaseFee,
    [property: Description("The most that is offered.")] string MaxFee,
    [property: Description("What of it is offered to the block's maker.")] string PriorityFee)
{
    public static FeesAnswer? Of(GasPrice? price) =>
        price is null ? null : new FeesAnswer(price.Block, $"{price.BaseFee}", $"{price.MaxFee}", $"{price.PriorityFee}");
}
