using CodexSales.Rx.Persistence;

namespace CodexSales.Rx.Sqlite.Tests.Durability;

public sealed class KilledProcessTests : IDisposable
{
    private const int Kills = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_a_process_was_told_to_be_saved_is_there_after_it_was_killed()
    {
        var random = new Random(1);
        var expected = new MemorySalesStore(SomeBatches.HistoryCapacity);
        var saved = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            var told = await SaveUntilKilledAsync(saved, linesBeforeKill: random.Next(1, 40));
            for (; saved < told; saved++)
            {
                await expected.SaveAsync(SomeBatches.At(saved), TestContext.Current.CancellationToken);
            }

            // The batch under way may have been saved without being told.
            using var store = Open();
            if (!await Stored.AreEqualAsync(expected, store))
            {
                await expected.SaveAsync(SomeBatches.At(saved++), TestContext.Current.CancellationToken);
                Assert.True(
                    await Stored.AreEqualAsync(expected, store),
                    $"After kill {kill}, at batch {told}: neither what was told to be saved, nor one batch more.");
            }
        }
    }

    [Fact]
    public async Task A_store_that_another_process_has_open_is_refused_until_that_one_is_killed()
    {
        using var other = new SavingProcess(_folder.File("sales.db"), firstBatch: 0);
        await other.NextSavedAsync();

        var refusal = Assert.Throws<SalesStoreException>(Open);

        Assert.Equal(
            $"The store '{_folder.File("sales.db")}' is in use by another process, or twice in this one.",
            refusal.Message);
        await other.KillAsync();
        using var store = Open();
        Assert.NotEqual(0, store.Load().LastNumber);
    }

    private async Task<int> SaveUntilKilledAsync(int first, int linesBeforeKill)
    {
        using var process = new SavingProcess(_folder.File("sales.db"), first);
        var told = first;
        for (var line = 0; line < linesBeforeKill; line++)
        {
            told = await process.NextSavedAsync() + 1;
        }

        var rest = await process.KillAsync();
        return rest.Count > 0 ? rest[^1] + 1 : told;
    }

    private SqliteSalesStore Open() => SqliteSalesStore.Open(
        new SqliteStoreOptions { Path = _folder.File("sales.db"), HistoryCapacity = SomeBatches.HistoryCapacity });
}
