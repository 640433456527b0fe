namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>A disk of 3 MiB that somebody else fills, or that may not be written.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly SmallDisk _disk = new(megabytes: 3);
    private readonly SomeChanges _some = new(seed: 1);

    private string FilePath => _disk.File("sales.db");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _disk.Dispose();

    [Fact]
    public async Task The_steps_of_hosted_slots_are_saved_long_after_the_disk_is_full()
    {
        using var store = Open();
        var hosted = Enumerable.Range(1, 3).Select(number => _some.Sale(number)).ToList();
        await store.SaveAsync([.. hosted.Select(sale => new SaleSaved(sale))], Cancellation);
        _disk.Fill();
        await store.SaveAsync([new SaleSaved(hosted[0])], Cancellation);
        _disk.Fill();

        for (var step = 0; step < 300; step++)
        {
            await store.SaveAsync([.. hosted.Select(sale => new SaleSaved(sale))], Cancellation);
        }

        Assert.Equal(3, store.Load().Sales.Count);
        Assert.False(File.Exists(FilePath + ".reserve"));
    }

    [Fact]
    public async Task The_reserve_is_kept_again_once_there_is_room()
    {
        using var store = Open();
        var sale = new SaleSaved(_some.Sale(1));
        await store.SaveAsync([sale], Cancellation);
        _disk.Fill();
        for (var step = 0; step < 10; step++)
        {
            await store.SaveAsync([sale], Cancellation);
        }

        Assert.False(File.Exists(FilePath + ".reserve"));
        _disk.Empty();
        await store.SaveAsync([sale], Cancellation);

        Assert.Equal(512 << 10, new FileInfo(FilePath + ".reserve").Length);
    }

    [Fact]
    public async Task A_store_can_be_opened_on_a_full_disk()
    {
        using (var store = Open())
        {
            await store.SaveAsync([new SaleSaved(_some.Sale(1))], Cancellation);
        }

        _disk.Fill();

        using var again = Open();

        await again.SaveAsync([new SaleSaved(_some.Sale(1))], Cancellation);
        Assert.Single(again.Load().Sales);
    }

    [Fact]
    public async Task A_store_that_was_closed_on_a_full_disk_can_be_opened_again()
    {
        using (var store = Open())
        {
            await store.SaveAsync([new SaleSaved(_some.Sale(1))], Cancellation);
            _disk.Fill();
            for (var step = 0; step < 300; step++)
            {
                await store.SaveAsync([new SaleSaved(_some.Sale(1))], Cancellation);
                _disk.Fill();
            }
        }

        _disk.Fill();

        using var again = Open();

        await again.SaveAsync([new SaleSaved(_some.Sale(1))], Cancellation);
        Assert.Single(again.Load().Sales);
    }

    [Fact]
    public void A_store_that_may_not_be_written_is_not_opened()
    {
        Open().Dispose();
        _disk.MakeReadOnly("sales.db");

        var error = Assert.Throws<SalesStoreException>(Open);

        Assert.Equal($"The store '{FilePath}' can't be written: the file or its disk is read-only.", error.Message);
    }

    private SqliteSalesStore Open() =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = FilePath, ReserveBytes = 512 << 10 });
}
