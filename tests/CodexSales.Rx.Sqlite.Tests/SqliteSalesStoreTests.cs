using CodexSales.Rx.Persistence;
using CodexSales.Rx.Sqlite.Tests.Durability;

namespace CodexSales.Rx.Sqlite.Tests;

public sealed class SqliteSalesStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SomeChanges _some = new(seed: 1);
    private SqliteSalesStore _store;

    public SqliteSalesStoreTests() => _store = Open();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_remembers_what_a_store_in_memory_remembers()
    {
        var model = new MemorySalesStore(SomeBatches.HistoryCapacity);
        for (var index = 0; index < 300; index++)
        {
            await model.SaveAsync(SomeBatches.At(index), Cancellation);
            await _store.SaveAsync(SomeBatches.At(index), Cancellation);
            if (index % 30 == 0)
            {
                _store.Dispose();
                _store = Open();
                Assert.True(await Stored.AreEqualAsync(model, _store), $"They differ after batch {index}.");
            }
        }

        Assert.True(await Stored.AreEqualAsync(model, _store));
    }

    [Fact]
    public async Task Saving_does_not_wait_for_the_disk_and_keeps_the_order()
    {
        using var disk = new ManualResetEventSlim();
        var busy = _store.WriteAsync(disk.Wait, Cancellation);
        var (first, second) = (_some.Sale(1), _some.Sale(1));

        var saving = new[] { SaveAsync(new SaleSaved(first)), SaveAsync(new SaleSaved(second)) };

        Assert.All(saving, task => Assert.False(task.IsCompleted));
        disk.Set();
        await Task.WhenAll([busy, .. saving]);
        Assert.Equal([second], _store.Load().Sales);
    }

    [Fact]
    public async Task Reading_does_not_wait_for_the_writer_and_sees_no_half_of_a_batch()
    {
        await SaveAsync(_some.Closing(1));
        var before = await Stored.HistoryAsync(_store);
        using var disk = new ManualResetEventSlim();
        using var begun = new ManualResetEventSlim();
        var busy = _store.WriteAsync(
            () =>
            {
                _store.Writing.Execute("BEGIN; DELETE FROM past_sale");
                begun.Set();
                disk.Wait();
                _store.Writing.Execute("ROLLBACK");
            },
            Cancellation);
        begun.Wait(Cancellation);

        var history = await Stored.HistoryAsync(_store);

        disk.Set();
        await busy;
        Assert.Equal(before, history);
    }

    [Fact]
    public async Task What_is_cancelled_before_it_is_written_is_not_written()
    {
        using var disk = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var busy = _store.WriteAsync(disk.Wait, Cancellation);
        var saving = _store.SaveAsync([_some.Closing(1)], cancellation.Token);

        await cancellation.CancelAsync();

        disk.Set();
        await busy;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => saving);
        Assert.Equal(0, _store.Load().LastNumber);
    }

    [Fact]
    public async Task Closing_the_store_saves_what_was_given_to_it_before()
    {
        using var disk = new ManualResetEventSlim();
        var busy = _store.WriteAsync(disk.Wait, Cancellation);
        var saving = SaveAsync(_some.Closing(7));

        var closing = Task.Run(_store.Dispose, Cancellation);

        disk.Set();
        await Task.WhenAll(busy, saving, closing);
        _store = Open();
        Assert.Equal(7, _store.Load().LastNumber);
    }

    [Fact]
    public async Task A_closed_store_refuses_everything()
    {
        _store.Dispose();
        _store.Dispose();

        Assert.Throws<ObjectDisposedException>(_store.Load);
        Assert.Throws<ObjectDisposedException>(() => { _ = SaveAsync(_some.Closing(1)); });
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Stored.HistoryAsync(_store));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => _store.BackupAsync(_folder.File("copy.db"), Cancellation));
    }

    [Fact]
    public async Task A_closed_store_leaves_one_file_its_lock_and_its_reserve()
    {
        await SaveAsync(_some.Closing(1));

        _store.Dispose();

        Assert.Equal(["sales.db", "sales.db.lock", "sales.db.reserve"], _folder.Names);
    }

    [Fact]
    public async Task A_word_that_this_version_does_not_know_is_told()
    {
        await SaveAsync(new SaleSaved(_some.Sale(1)));
        Sql.Run(_folder.File("sales.db"), "UPDATE sale SET state = 'SaleDreaming'");

        var error = Assert.Throws<SalesStoreException>(_store.Load);

        Assert.Equal("The store says 'SaleDreaming', which is no SaleStateName that is known.", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_history_of_none_is_refused(int capacity) => Assert.Throws<ArgumentException>(
        () => SqliteSalesStore.Open(
            new SqliteStoreOptions { Path = _folder.File("a.db"), HistoryCapacity = capacity }));

    [Fact]
    public async Task A_smaller_history_forgets_when_the_next_sale_is_over()
    {
        await SaveAsync([.. Enumerable.Range(1, 20).Select(number => _some.Closing(number))]);
        _store.Dispose();
        _store = Open(historyCapacity: 3);

        await SaveAsync(_some.Closing(21));

        Assert.Equal([21, 20, 19], (await Stored.HistoryAsync(_store)).Select(past => past.Sale.Number));
    }

    private Task SaveAsync(params StoreChange[] changes) => _store.SaveAsync(changes, Cancellation);

    private SqliteSalesStore Open(int historyCapacity = SomeBatches.HistoryCapacity) => SqliteSalesStore.Open(
        new SqliteStoreOptions { Path = _folder.File("sales.db"), HistoryCapacity = historyCapacity });
}
