using CodexSales.Rx.Persistence;
using CodexSales.Rx.Sqlite.Tests.Durability;

namespace CodexSales.Rx.Sqlite.Tests;

public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SomeChanges _some = new(seed: 1);
    private readonly SqliteSalesStore _store;

    public BackupTests() => _store = Open("sales.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_copy_is_a_store_with_what_was_saved_before()
    {
        await _store.SaveAsync(SomeBatches.At(19), Cancellation);
        var model = new MemorySalesStore();
        await model.SaveAsync(SomeBatches.At(19), Cancellation);

        await _store.BackupAsync(_folder.File("copy.db"), Cancellation);

        await _store.SaveAsync([_some.Closing(1_000)], Cancellation);
        using var copy = Open("copy.db");
        Assert.True(await Stored.AreEqualAsync(model, copy));
    }

    [Fact]
    public async Task A_copy_that_is_made_while_batches_are_saved_ends_with_one_of_them()
    {
        var saving = Task.Run(
            async () =>
            {
                for (var number = 1; number <= 100; number++)
                {
                    await _store.SaveAsync([_some.Closing(2 * number), _some.Closing((2 * number) + 1)], Cancellation);
                }
            },
            Cancellation);

        await _store.BackupAsync(_folder.File("copy.db"), Cancellation);

        await saving;
        using var copy = Open("copy.db");
        var history = await Stored.HistoryAsync(copy);
        Assert.Equal(0, history.Count % 2);
        Assert.Equal(
            Enumerable.Range(2, history.Count).Reverse().Select(number => (long)number),
            history.Select(past => past.Sale.Number));
    }

    [Fact]
    public async Task It_does_not_overwrite_what_is_there()
    {
        await File.WriteAllTextAsync(_folder.File("copy.db"), "mine", Cancellation);

        var error = await Assert.ThrowsAsync<SalesStoreException>(
            () => _store.BackupAsync(_folder.File("copy.db"), Cancellation));

        Assert.Equal(
            $"The backup '{_folder.File("copy.db")}' is not made: there is something of that name already.",
            error.Message);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("copy.db"), Cancellation));
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_told()
    {
        var path = Path.Combine(_folder.File("nowhere"), "copy.db");

        var error = await Assert.ThrowsAsync<SalesStoreException>(() => _store.BackupAsync(path, Cancellation));

        Assert.Equal($"The backup '{path}' is not made: there is no folder '{_folder.File("nowhere")}'.", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0later pages")]
    [InlineData("SQLite format 3\0half of it")]
    public async Task What_a_backup_left_that_was_interrupted_is_no_hindrance(string left)
    {
        await File.WriteAllTextAsync(_folder.File("copy.db.part"), left, Cancellation);

        await _store.BackupAsync(_folder.File("copy.db"), Cancellation);

        using var copy = Open("copy.db");
        Assert.Equal(0, copy.Load().LastNumber);
        Assert.False(File.Exists(_folder.File("copy.db.part")));
    }

    [Fact]
    public async Task A_file_of_somebody_else_in_its_way_stays()
    {
        await File.WriteAllTextAsync(_folder.File("copy.db.part"), "mine", Cancellation);

        var error = await Assert.ThrowsAsync<SalesStoreException>(() => _store.BackupAsync(_folder.File("copy.db"), Cancellation));

        Assert.Equal(
            $"The backup '{_folder.File("copy.db")}' is not made: '{_folder.File("copy.db.part")}' is in its way, and no part of a backup.",
            error.Message);
        Assert.Equal("mine", await File.ReadAllTextAsync(_folder.File("copy.db.part"), Cancellation));
    }

    private SqliteSalesStore Open(string name) =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File(name) });
}
