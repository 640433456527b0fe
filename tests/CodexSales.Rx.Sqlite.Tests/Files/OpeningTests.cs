namespace CodexSales.Rx.Sqlite.Tests.Files;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("sales.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_can_be_opened_again_once_it_is_closed()
    {
        Open().Dispose();

        using var store = Open();

        Assert.Null(store.Damage);
    }

    [Fact]
    public void A_file_without_a_byte_becomes_a_store()
    {
        File.WriteAllText(FilePath, "");

        using var store = Open();

        Assert.Equal(0, store.Load().LastNumber);
    }

    [Fact]
    public void What_a_process_left_that_was_killed_while_it_began_a_store_is_no_hindrance()
    {
        File.WriteAllText(FilePath + ".new", "half");
        File.WriteAllText(FilePath + ".new-journal", "half");

        using var store = Open();

        Assert.Equal(0, store.Load().LastNumber);
        Assert.DoesNotContain(_folder.Names, name => name.Contains(".new", StringComparison.Ordinal));
    }

    [Fact]
    public void A_store_is_opened_once_at_a_time()
    {
        using var store = Open();

        Assert.Equal($"The store '{FilePath}' is in use by another process, or twice in this one.", Refusal());
    }

    [Fact]
    public void A_store_is_opened_once_at_a_time_whatever_it_is_called()
    {
        File.CreateSymbolicLink(_folder.File("link.db"), FilePath);
        using var store = Open();

        var error = Assert.Throws<SalesStoreException>(() => Open("link.db"));

        Assert.Equal($"The store '{FilePath}' is in use by another process, or twice in this one.", error.Message);
    }

    // As a backup that was copied without what lies beside it.
    [Fact]
    public void A_damaged_store_without_its_lock_file_is_refused_the_second_time_too()
    {
        Open().Dispose();
        File.Delete(FilePath + ".lock");
        using (var file = File.OpenWrite(FilePath))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.Contains("is damaged", Refusal(), StringComparison.Ordinal);
        Assert.Contains("is gone", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_store_whose_opening_failed_is_not_kept_locked()
    {
        File.WriteAllText(FilePath, "A letter to the editor, long enough for a header of a database.");
        Refusal();
        File.Delete(FilePath);

        using var store = Open();

        Assert.Equal(0, store.Load().LastNumber);
    }

    [Fact]
    public void The_file_of_another_program_is_left_alone()
    {
        Sql.Run(FilePath, "CREATE TABLE diary (entry TEXT)");
        var before = File.ReadAllBytes(FilePath);

        Assert.Equal($"The file '{FilePath}' is no store of sales, so it is left alone.", Refusal(startEmpty: true));

        Assert.Equal(before, File.ReadAllBytes(FilePath));
        Assert.Equal(["sales.db", "sales.db.lock"], _folder.Names);
    }

    [Fact]
    public void The_file_of_another_program_is_left_alone_also_where_there_was_a_store()
    {
        Open().Dispose();
        File.Delete(FilePath);
        Sql.Run(FilePath, "CREATE TABLE diary (entry TEXT)");

        Assert.Equal($"The file '{FilePath}' is no store of sales, so it is left alone.", Refusal(startEmpty: true));
    }

    [Fact]
    public void A_file_that_is_no_database_is_left_alone()
    {
        File.WriteAllText(FilePath, "Dear diary");

        Assert.Equal($"The file '{FilePath}' is no store of sales, so it is left alone.", Refusal(startEmpty: true));

        Assert.Equal("Dear diary", File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_folder_that_is_missing_is_told()
    {
        var path = Path.Combine(_folder.File("nowhere"), "sales.db");

        var error = Assert.Throws<SalesStoreException>(() => Open(Path.Combine("nowhere", "sales.db")));

        Assert.StartsWith($"The store '{path}' can't be locked: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_no_store()
    {
        Directory.CreateDirectory(FilePath);

        Assert.StartsWith($"The store '{FilePath}' can't be ", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_version_is_refused_and_left_as_it_is()
    {
        using (var store = Open())
        {
            await store.SaveAsync([new SomeChanges(1).Closing(1)], TestContext.Current.CancellationToken);
        }

        Sql.Run(FilePath, "PRAGMA user_version = 1000");

        Assert.Equal(
            $"The store '{FilePath}' has version 1000, but this program knows versions up to "
                + $"{Schema.Migrations.Count} only: use the newer program that wrote it.",
            Refusal(startEmpty: true));
        Sql.Run(FilePath, $"PRAGMA user_version = {Schema.Migrations.Count}");
        using var again = Open();
        Assert.Equal(1, again.Load().LastNumber);
    }

    private string Refusal(bool startEmpty = false) =>
        Assert.ThrowsAny<SalesStoreException>(() => Open(startEmpty: startEmpty)).Message;

    private SqliteSalesStore Open(string name = "sales.db", bool startEmpty = false) => SqliteSalesStore.Open(
        new SqliteStoreOptions { Path = _folder.File(name), StartEmptyWhenDamaged = startEmpty });
}
