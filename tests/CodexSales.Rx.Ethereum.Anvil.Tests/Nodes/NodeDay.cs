using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>
/// What a host made of the slots on offer behind one kind of node, by the chain and by its own books.
/// </summary>
/// <param name="Kind">The kind of node.</param>
/// <param name="Filled">How many slots the host filled.</param>
/// <param name="Proved">How many proofs it gave after that.</param>
/// <param name="Missed">How many proofs a validator found missing.</param>
/// <param name="Stale">
/// How many proofs were refused because the challenge was another one by then; with those of fills, unless the host
/// can't know how near the period's end is.
/// </param>
/// <param name="Balance">How many tokens it has in the end.</param>
/// <param name="Due">How many it has if each fill is paid until the request's end.</param>
/// <param name="Paid">How many sales were paid, by the books.</param>
/// <param name="Earned">What they earned, by the books.</param>
/// <param name="Lost">What was lost of collateral, by the books.</param>
internal sealed record NodeDay(
    NodeKind Kind,
    int Filled,
    int Proved,
    int Missed,
    int Stale,
    UInt256 Balance,
    UInt256 Due,
    long Paid,
    UInt256 Earned,
    UInt256 Lost)
{
    private const int Requests = 5;
    private const ulong SlotsPerRequest = 4;
    private const int Slots = Requests * (int)SlotsPerRequest;
    private const int MostBlocksAfterwards = 60;

    // Neither is a multiple of the time between blocks. Of a shorter one a node that is two blocks behind knows too few
    // blocks while an allowance and the fill that waits for it can be in time: seven blocks after its beginning.
    private const ulong PeriodSeconds = 14;
    private const ulong PeriodSecondsBehind = 38;

    private static readonly string StaleChallenge = $"{CallData.Of("Proofs_InvalidProof()")}";

    /// <summary>Whether all was sold, proved and paid, and the books say so.</summary>
    public bool IsPerfect => this == this with
    {
        Filled = Slots,
        Missed = 0,
        Stale = 0,
        Balance = Due,
        Paid = Slots,
        Earned = Due - PacedMarket.HostFunds,
        Lost = 0,
    };

    /// <summary>Lets a host sell behind a kind of node, from 20 slots on offer until all of it is over.</summary>
    /// <param name="kind">The kind of node.</param>
    /// <param name="seconds">How long the requests last; each is to be filled in the first three quarters.</param>
    /// <param name="quickening">How many times as fast as the clock time passes.</param>
    /// <param name="tell">Is told how sales ended, and what the contract refused.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<NodeDay> RunAsync(
        NodeKind kind, ulong seconds, int quickening, Action<string> tell, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var market = await PacedMarket.StartAsync(
            kind is NodeKind.Behind or NodeKind.Balanced ? PeriodSecondsBehind : PeriodSeconds,
            finalizedDepth: 2,
            quickening);
        using var proxy = new AnsweringProxy(market.Node.HttpUrl, kind);
        using var host = new SellingHost(
            market.SettingsFor(account: 1, proxy.Url, folder.File("sales.db")) with { Workers = Slots });
        await host.RunAsync();
        await market.RequestAsync(Requests, SlotsPerRequest, seconds, seconds * 3 / 4);
        await market.UntilAsync(
            () => market.IsOver && host.Pipeline.Sales.Count == 0,
            (int)(seconds / PacedMarket.BlockSeconds) + MostBlocksAfterwards,
            cancellation);

        var sent = await market.ReadTransactionsAsync();
        var fills = sent.Where(one => one is { Function: "fillSlot", HasSucceeded: true }).ToList();
        var refused = await FindRefusedAsync(market, sent.Where(one => one.From == host.Account));
        var books = host.Pipeline.Availabilities.Totals;
        var day = new NodeDay(
            kind,
            fills.Count,
            Count("submitProof"),
            Count("markProofAsMissing"),
            refused.Count(refusal => refusal.Selector == StaleChallenge
                && (refusal.Function == "submitProof" || kind is not NodeKind.Behind and not NodeKind.Balanced)),
            await market.Contract.GetBalanceAsync(host.Account),
            fills.Aggregate(PacedMarket.HostFunds, (sum, fill) => sum + market.RewardOf(fill)),
            books.Paid,
            books.Earned,
            books.Slashed + books.Lost);
        Tell(day, host, refused, tell);
        return day;

        int Count(string function) => sent.Count(one => one.Function == function && one.HasSucceeded);
    }

    private static async Task<IReadOnlyList<(string Function, string Selector)>> FindRefusedAsync(
        PacedMarket market, IEnumerable<ChainTransaction> sent)
    {
        List<(string, string)> refused = [];
        foreach (var reverted in sent.Where(one => !one.HasSucceeded))
        {
            refused.Add((reverted.Function, await market.FindRefusalAsync(reverted)));
        }

        return refused;
    }

    private static void Tell(
        NodeDay day, SellingHost host, IEnumerable<(string Function, string Selector)> refused, Action<string> tell)
    {
        tell($"{day}");
        foreach (var same in refused.CountBy(refusal => refusal))
        {
            tell($"  {same.Value} × {same.Key.Function} refused with {same.Key.Selector}");
        }

        foreach (var same in host.Steps.Where(step => step.End is not null).GroupBy(step => step.End!.Reason))
        {
            tell($"  {same.Count()} × {same.Key}: {same.First().End!.Detail}");
        }
    }
}
