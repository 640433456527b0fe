using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Sqlite.Tests.Crashes;

/// <summary>
/// Sells with a process that is killed at random moments and started again, until it has been killed often enough; then
/// compares what the store remembers with what the chain says.
/// </summary>
internal sealed class CrashRun(int kills, int seed)
{
    // So that many kills meet many markets.
    private const int KillsInOneWorld = 20;

    private readonly Random _random = new(seed);

    public int Killed { get; private set; }

    public int Worlds { get; private set; }

    public int Filled { get; private set; }

    public int Sent { get; private set; }

    public int SentTwice { get; private set; }

    public long Paid { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (Killed < kills)
        {
            using var folder = new TemporaryFolder();
            await SellEverythingAsync(folder.File(""), seed + Worlds, cancellation);
            await CompareAsync(folder.File(""), seed + Worlds);
            Worlds++;
        }
    }

    private async Task SellEverythingAsync(string folder, int world, CancellationToken cancellation)
    {
        var last = Math.Min(kills, Killed + KillsInOneWorld);
        while (true)
        {
            using var process = new SellingProcess(folder, world);
            var lines = Killed < last ? _random.Next(1, 25) : int.MaxValue;
            for (var i = 0; i < lines; i++)
            {
                var line = await process.NextLineAsync(cancellation)
                    ?? throw new InvalidOperationException($"The selling process of world {world} ended by itself.");
                if (line == SellingProcess.Done)
                {
                    return;
                }
            }

            Killed += await process.KillAsync(cancellation) ? 1 : 0;
        }
    }

    private async Task CompareAsync(string folder, int world)
    {
        using var chain = ChainFile.Open(Path.Combine(folder, "chain.txt"), world);
        using var store = SqliteSalesStore.Open(new SqliteStoreOptions { Path = Path.Combine(folder, "sales.db") });
        var stored = store.Load();
        var paid = stored.Totals.Sum(totals => totals.Paid);
        var earned = stored.Totals.Aggregate(UInt256.Zero, (sum, totals) => sum + totals.Earned);
        List<SlotKey> filled = [];
        foreach (var (sent, outcome) in chain.Transactions.Where(each => each.Key.Name == "fill"))
        {
            if (await outcome is TransactionLanded)
            {
                filled.Add(sent.Slot);
            }
        }

        Filled += filled.Count;
        Paid += paid;
        Sent += chain.Transactions.Count;
        SentTwice += chain.SentTwice;
        Assert.Equal(0, chain.SentTwice);
        Assert.All(stored.Totals, totals => Assert.Equal((UInt256.Zero, UInt256.Zero), (totals.Slashed, totals.Lost)));
        Assert.Empty(stored.Sales);
        Assert.All(filled, slot => Assert.Equal(SlotState.Paid, chain.Chain.GetSlotState(slot)));
        Assert.Equal(filled.Count, paid);
        Assert.Equal(chain.Chain.Options.HostFunds + earned, chain.Chain.BalanceOf(ChainFile.Host));
        Assert.NotEmpty(filled);
    }
}
