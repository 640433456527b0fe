using System.Text.Json;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Sqlite;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>
/// A market on which a process competes with another host, is killed at random moments and started again; then what its
/// store remembers is compared with the chain.
/// </summary>
internal sealed class CrashRun(int kills, int seed)
{
    private const int Account = 1;
    private const int LeastRequests = 8;
    private const int BlocksWithoutHost = 3;

    // So few that it can't take all that the process leaves.
    private const ulong BytesOfRival = 10_000;

    private readonly Random _random = new(seed);
    private SellingProcess _process = null!;
    private int _linesUntilKill;

    public int Killed { get; private set; }

    public int Filled { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var day = await MarketDay.StartAsync();
        var settings = day.SettingsFor(Account, folder.File("sales.db"));
        using var rival = new SellingHost(
            day.SettingsFor(Account + 1, folder.File("rival.db")) with { TotalBytes = BytesOfRival });
        await rival.RunAsync();
        Start(settings);
        day.Followers = (block, cancel) => Task.WhenAll(
            _process.ReachAsync(block, _linesUntilKill, cancel), rival.ReachAsync(block, cancel));
        try
        {
            while (Killed < kills || day.Requests.Count < LeastRequests)
            {
                await day.RequestAsync(slots: 4, periods: 16, periodsUntilExpiry: 12, proofProbability: 3);
                var until = day.Periods + 2;
                await day.UntilAsync(() => _process.Lines >= _linesUntilKill || day.Periods >= until, cancellation);
                if (_process.Lines >= _linesUntilKill)
                {
                    await RestartAsync(day, rival, settings, cancellation);
                }
            }

            await day.UntilAsync(() => day.Requests.All(day.IsOver), cancellation);
            await day.UntilAsync(() => _process.Running == 0 && rival.Pipeline.Sales.Count == 0, cancellation);
            await _process.KillAsync(cancellation);
        }
        finally
        {
            _process.Dispose();
        }

        await CompareAsync(day, settings);
        day.AssertNothingIsSentTwice(rival.Account);
        await rival.AssertBooksAsync(day);
    }

    private void Start(HostSettings settings)
    {
        _process = new SellingProcess(settings);
        _linesUntilKill = Killed < kills ? _random.Next(3, 60) : int.MaxValue;
    }

    // What it had sent lands, or does not, while it is gone.
    private async Task RestartAsync(
        MarketDay day, SellingHost rival, HostSettings settings, CancellationToken cancellation)
    {
        await _process.KillAsync(cancellation);
        _process.Dispose();
        Killed++;
        var followers = day.Followers;
        day.Followers = rival.ReachAsync;
        await day.MakeBlocksAsync(_random.Next(BlocksWithoutHost), cancellation);
        day.Followers = followers;
        Start(settings);
    }

    private async Task CompareAsync(MarketDay day, HostSettings settings)
    {
        using var store = SqliteSalesStore.Open(new SqliteStoreOptions { Path = settings.StorePath });
        var stored = store.Load();
        var host = day.Node.Accounts[Account];
        var filled = day.Transactions
            .Where(sent => sent is { Function: "fillSlot", HasSucceeded: true } && sent.From == host)
            .ToList();
        Filled = filled.Count;
        var earned = stored.Totals.Aggregate(UInt256.Zero, (sum, totals) => sum + totals.Earned);

        day.AssertNothingIsSentTwice(host);
        Assert.Empty(stored.Sales);
        Assert.Empty(await day.Contract.GetSlotsOfAsync(host));
        foreach (var fill in filled)
        {
            Assert.Equal(SlotState.Paid, await day.Contract.GetSlotStateAsync(fill.Slot));
        }

        var past = await store.ReadHistoryAsync(long.MaxValue, int.MaxValue, CancellationToken.None);
        Assert.NotEmpty(filled);
        Assert.All(filled, fill => Assert.True(
            past.Count(sale => sale.Sale.Slot.SlotId == fill.Slot && sale.End.Earned > 0) == 1,
            $"{fill}: {string.Join("; ", past.Where(sale => sale.Sale.Slot.SlotId == fill.Slot))}"));
        Assert.Equal(filled.Count, stored.Totals.Sum(totals => totals.Paid));
        Assert.All(stored.Totals, totals => Assert.Equal((UInt256.Zero, UInt256.Zero), (totals.Slashed, totals.Lost)));
        Assert.Equal(MarketDay.HostFunds + earned, await day.Contract.GetBalanceAsync(host));

        // All that was spent is some past sale's, but for approvals that no fill has followed, since the process was killed in between.
        var costs = (await store.ReadPastSalesAsync(long.MaxValue, int.MaxValue, CancellationToken.None))
            .Aggregate(UInt256.Zero, (sum, sale) => sum + sale.SpentWei!.Value);
        var fees = await FeesAsync(day, host);
        Assert.True(costs <= fees && fees - costs < fees / 20, $"{costs} of {fees} wei");
    }

    // Of all that the account has ever sent.
    private static async Task<UInt256> FeesAsync(MarketDay day, Address host)
    {
        var balances = await day.Node.Rpc.CallAllAsync(("eth_getBalance", [host, "earliest"]), ("eth_getBalance", [host, "latest"]));
        return Wei(balances[0]) - Wei(balances[1]);

        static UInt256 Wei(JsonElement quantity) =>
            UInt256.FromBigEndian(Convert.FromHexString(quantity.GetString()![2..].PadLeft(2 * Bytes32.Size, '0')));
    }
}
