namespace CodexSales.Rx.Sqlite.Tests.Files;

public sealed class DamageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("sales.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Wound.Header, "does not begin as a store does")]
    [InlineData(Wound.Middle, "is damaged (")]
    [InlineData(Wound.Truncated, "is damaged (")]
    [InlineData(Wound.Emptied, "is empty")]
    public async Task A_damaged_store_is_set_aside_and_not_opened(Wound wound, string expected)
    {
        await BeginAsync();
        Inflict(wound);
        var damaged = await ReadAsync("sales.db");

        var sentence = Refusal();

        Assert.StartsWith($"The store '{FilePath}' {expected}", sentence, StringComparison.Ordinal);
        Assert.EndsWith(
            $". It is kept as '{FilePath}.damaged-1'. Put a backup in its place, or allow to start with an empty one.",
            sentence,
            StringComparison.Ordinal);
        Assert.Equal(damaged, await ReadAsync("sales.db.damaged-1"));
        Assert.DoesNotContain("sales.db", _folder.Names);
    }

    [Fact]
    public async Task A_store_that_was_set_aside_is_missed_at_every_start()
    {
        await BeginAsync();
        Inflict(Wound.Middle);
        Refusal();

        var (second, third) = (Refusal(), Refusal());

        Assert.Equal(
            $"The store '{FilePath}' is gone. Put a backup in its place, or allow to start with an empty one.", second);
        Assert.Equal(second, third);
        Assert.DoesNotContain("sales.db", _folder.Names);
        Assert.DoesNotContain("sales.db.damaged-2", _folder.Names);
    }

    [Fact]
    public async Task A_backup_takes_the_place_of_a_damaged_store()
    {
        await BeginAsync(_folder.File("backup.db"));
        Inflict(Wound.Middle);
        Refusal();
        File.Move(_folder.File("backup.db"), FilePath);

        using var store = Open();

        Assert.Equal((200, null), (store.Load().LastNumber, store.Damage));
    }

    [Fact]
    public async Task To_start_empty_is_told()
    {
        await BeginAsync();
        Inflict(Wound.Header);

        using var store = Open(startEmpty: true);

        Assert.Equal(
            new StoreDamage($"The store '{FilePath}' does not begin as a store does.", FilePath + ".damaged-1"),
            store.Damage);
        Assert.Equivalent(StoredSales.Empty, store.Load(), strict: true);
    }

    [Fact]
    public async Task To_start_empty_because_the_file_is_gone_is_told()
    {
        await BeginAsync();
        File.Delete(FilePath);

        using var store = Open(startEmpty: true);

        Assert.Equal(new StoreDamage($"The store '{FilePath}' is gone.", SetAsideAs: null), store.Damage);
    }

    [Fact]
    public async Task Who_deletes_the_lock_file_too_begins_anew()
    {
        await BeginAsync();
        File.Delete(FilePath);
        File.Delete(FilePath + ".lock");

        using var store = Open();

        Assert.Equal((0, null), (store.Load().LastNumber, store.Damage));
    }

    [Fact]
    public async Task Each_damaged_store_is_kept()
    {
        await BeginAsync();
        Inflict(Wound.Middle);
        Open(startEmpty: true).Dispose();
        Inflict(Wound.Header);

        using var store = Open(startEmpty: true);

        Assert.Equal(FilePath + ".damaged-2", store.Damage?.SetAsideAs);
        Assert.Contains("sales.db.damaged-1", _folder.Names);
    }

    [Fact]
    public async Task The_write_ahead_log_of_a_crashed_store_is_set_aside_with_it()
    {
        await BeginAsync();
        await LeaveLogAsync();
        Inflict(Wound.Middle);
        var log = await ReadAsync("sales.db-wal");

        Refusal();

        Assert.Equal(log, await ReadAsync("sales.db.damaged-1-wal"));
        Assert.DoesNotContain("sales.db-wal", _folder.Names);
    }

    [Fact]
    public async Task What_a_crashed_store_had_in_its_log_only_is_there()
    {
        await BeginAsync();
        await LeaveLogAsync();

        using var store = Open();

        Assert.Equal(1_000, store.Load().LastNumber);
    }

    // 200 sales that are over, in a file of many pages.
    private async Task BeginAsync(string? backup = null)
    {
        using var store = Open();
        var some = new SomeChanges(seed: 1);
        await store.SaveAsync(
            [.. Enumerable.Range(1, 200).Select(number => some.Closing(number))],
            TestContext.Current.CancellationToken);
        if (backup is not null)
        {
            await store.BackupAsync(backup, TestContext.Current.CancellationToken);
        }
    }

    // As after a crash: the file as it was, and a log with a batch more.
    private async Task LeaveLogAsync()
    {
        using (var store = Open())
        {
            await store.SaveAsync([new SomeChanges(seed: 2).Closing(1_000)], TestContext.Current.CancellationToken);
            File.Copy(FilePath, FilePath + ".copy");
            File.Copy(FilePath + "-wal", FilePath + "-wal.copy");
        }

        File.Move(FilePath + ".copy", FilePath, overwrite: true);
        File.Move(FilePath + "-wal.copy", FilePath + "-wal");
    }

    private void Inflict(Wound wound)
    {
        using var file = new FileStream(FilePath, FileMode.Open);
        switch (wound)
        {
            case Wound.Header:
                file.Write(new byte[100]);
                break;
            case Wound.Middle:
                file.Position = file.Length / 4096 / 2 * 4096;
                file.Write([.. Enumerable.Repeat((byte)0xff, 4096)]);
                break;
            case Wound.Truncated:
                file.SetLength(file.Length / 2);
                break;
            case Wound.Emptied:
                file.SetLength(0);
                break;
        }
    }

    private Task<byte[]> ReadAsync(string name) =>
        File.ReadAllBytesAsync(_folder.File(name), TestContext.Current.CancellationToken);

    private string Refusal() => Assert.Throws<SalesStoreException>(() => Open()).Message;

    private SqliteSalesStore Open(bool startEmpty = false) =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = FilePath, StartEmptyWhenDamaged = startEmpty });

    public enum Wound
    {
        Header,
        Middle,
        Truncated,
        Emptied,
    }
}
