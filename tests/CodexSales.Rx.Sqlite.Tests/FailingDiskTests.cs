namespace CodexSales.Rx.Sqlite.Tests;

public sealed class FailingDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SomeChanges _some = new(seed: 1);
    private readonly SqliteSalesStore _store;

    public FailingDiskTests() => _store = SqliteSalesStore.Open(
        new SqliteStoreOptions { Path = _folder.File("sales.db"), HistoryCapacity = 150 });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Subject => $"The store '{_folder.File("sales.db")}'";

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_batch_that_finds_no_room_in_its_middle_leaves_nothing()
    {
        await SaveAsync(Closings(1, 100));
        var before = (_store.Load(), await Stored.HistoryAsync(_store));
        await SetAsync("max_page_count = 1");

        var error = await Assert.ThrowsAsync<SalesStoreException>(
            () => SaveAsync([new AvailabilityRemoved(_some.Availability().Availability.Id), .. Closings(101, 100)]));

        Assert.Equal(
            $"{Subject} has no more room: the disk is full (database or disk is full, code 13).", error.Message);
        var after = (_store.Load(), await Stored.HistoryAsync(_store));
        Assert.Equivalent(before, after, strict: true);
    }

    [Fact]
    public async Task Saving_goes_on_when_there_is_room_again()
    {
        await SaveAsync(Closings(1, 100));
        await SetAsync("max_page_count = 1");
        await Assert.ThrowsAsync<SalesStoreException>(() => SaveAsync(Closings(101, 100)));
        await SetAsync("max_page_count = 1000000");

        await SaveAsync(Closings(101, 100));

        Assert.Equal(
            Enumerable.Range(51, 150).Reverse().Select(number => (long)number),
            (await Stored.HistoryAsync(_store)).Select(past => past.Sale.Number));
    }

    [Fact]
    public async Task A_disk_that_became_read_only_is_told()
    {
        await SetAsync("query_only = ON");

        var error = await Assert.ThrowsAsync<SalesStoreException>(() => SaveAsync(Closings(1, 1)));

        Assert.StartsWith(
            $"{Subject} can't be written: the file or its disk is read-only (",
            error.Message,
            StringComparison.Ordinal);
        await SetAsync("query_only = OFF");
        await SaveAsync(Closings(1, 1));
        Assert.Equal(1, _store.Load().LastNumber);
    }

    [Fact]
    public async Task A_program_that_locks_the_file_is_told()
    {
        var error = await LockedByAnotherAsync(
            () => Assert.ThrowsAsync<SalesStoreException>(() => SaveAsync(Closings(1, 1))));

        Assert.Equal($"{Subject} is locked for now by another program (database is locked, code 5).", error.Message);
        await SaveAsync(Closings(1, 1));
        Assert.Equal(1, _store.Load().LastNumber);
    }

    [Fact]
    public async Task A_mistake_of_ours_is_not_told_as_one_of_the_world()
    {
        await Assert.ThrowsAsync<SqliteException>(
            () => SaveAsync([.. Closings(1, 1), new SaleSaved(_some.Sale(number: 0))]));

        Assert.Equal(0, _store.Load().LastNumber);
    }

    private async Task<T> LockedByAnotherAsync<T>(Func<Task<T>> work)
    {
        await using var connection = new SqliteConnection($"Data Source={_folder.File("sales.db")};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        return await work();
    }

    private Task SetAsync(string pragma) =>
        _store.WriteAsync(() => _store.Writing.Execute($"PRAGMA {pragma}"), Cancellation);

    private Task SaveAsync(IEnumerable<StoreChange> changes) => _store.SaveAsync([.. changes], Cancellation);

    private List<SaleClosed> Closings(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => _some.Closing(number))];
}
