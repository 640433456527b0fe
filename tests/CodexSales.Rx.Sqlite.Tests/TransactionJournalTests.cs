namespace CodexSales.Rx.Sqlite.Tests;

public sealed class TransactionJournalTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly SendingAccount _ours = new(1, Address.Parse("0x" + new string('a', 40)));
    private static readonly SendingAccount _other = new(1, Address.Parse("0x" + new string('b', 40)));
    private static readonly SendingAccount _otherChain = _ours with { ChainId = ulong.MaxValue };

    private readonly TemporaryFolder _folder = new();
    private readonly SomeEntries _some = new(seed: 1);
    private SqliteSalesStore _store;

    public TransactionJournalTests() => _store = Open();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_field_comes_back_in_the_order_of_nonces()
    {
        var nonces = Enumerable.Range(0, 50).Select(n => (ulong)n).Concat([1UL << 63, ulong.MaxValue]).ToList();
        var entries = nonces.Select(nonce => _some.Entry(_ours, nonce, nonce % 2 == 0 ? _noon : null)).ToList();
        foreach (var entry in entries.AsEnumerable().Reverse())
        {
            await NoteAsync(entry);
        }

        Restart();

        Assert.Equal(entries.Select(Describe), await LoadAsync(_ours));
    }

    [Fact]
    public async Task Pages_of_an_account_come_the_latest_first_and_of_what_is_in_flight_if_that_is_wanted()
    {
        var entries = Enumerable.Range(0, 30).Select(n => _some.Entry(_ours, (ulong)n, n % 3 == 0 ? null : _noon)).ToList();
        foreach (var entry in entries.Append(_some.Entry(_other, 5)).Append(_some.Entry(_otherChain, 6)))
        {
            await NoteAsync(entry);
        }

        var first = await _store.ReadTransactionsAsync(_ours, ulong.MaxValue, 20, isInFlight: false, Cancellation);
        var second = await _store.ReadTransactionsAsync(_ours, first[^1].Nonce, 20, isInFlight: false, Cancellation);
        var inFlight = await _store.ReadTransactionsAsync(_ours, ulong.MaxValue, 100, isInFlight: true, Cancellation);

        Assert.Equal(entries.AsEnumerable().Reverse().Select(Describe), first.Concat(second).Select(Describe));
        Assert.Equal(entries.Where(entry => entry.End is null).Reverse().Select(Describe), inFlight.Select(Describe));
    }

    [Fact]
    public async Task An_entry_takes_the_place_of_an_older_one_with_all_that_was_sent_for_it()
    {
        var newer = _some.Entry(_ours, nonce: 7);
        newer = newer with { Attempts = newer.Attempts[..1] };
        await NoteAsync(_some.Entry(_ours, nonce: 7) with { Attempts = [.. newer.Attempts, .. newer.Attempts] });

        await NoteAsync(newer);

        Assert.Equal([Describe(newer)], await LoadAsync(_ours));
    }

    [Fact]
    public async Task Accounts_and_chains_are_kept_apart()
    {
        var (ours, other, elsewhere) = (_some.Entry(_ours, 1), _some.Entry(_other, 1), _some.Entry(_otherChain, 1));
        await NoteAsync(ours);
        await NoteAsync(other);
        await NoteAsync(elsewhere);

        Assert.Equal([Describe(ours)], await LoadAsync(_ours));
        Assert.Equal([Describe(other)], await LoadAsync(_other));
        Assert.Equal([Describe(elsewhere)], await LoadAsync(_otherChain));
    }

    [Fact]
    public async Task What_ended_before_the_moment_that_is_asked_for_is_forgotten_for_good()
    {
        var (before, then) = (_some.Entry(_ours, 1, _noon.AddTicks(-1)), _some.Entry(_ours, 2, _noon));
        var (flying, other) = (_some.Entry(_ours, 3), _some.Entry(_other, 1, _noon.AddTicks(-1)));
        foreach (var entry in new[] { before, then, flying, other })
        {
            await NoteAsync(entry);
        }

        Assert.Equal([Describe(then), Describe(flying)], await LoadAsync(_ours, _noon));

        Assert.Equal([Describe(then), Describe(flying)], await LoadAsync(_ours));
        Assert.Equal([Describe(other)], await LoadAsync(_other));
    }

    [Fact]
    public async Task A_note_that_finds_no_room_in_its_middle_leaves_the_older_one()
    {
        var older = _some.Entry(_ours, 1);
        var attempts = Enumerable.Repeat(older.Attempts[0] with { Unsigned = [.. new byte[10_000]] }, 10);
        await NoteAsync(older);
        await _store.WriteAsync(() => _store.Writing.Execute("PRAGMA max_page_count = 1"), Cancellation);

        await Assert.ThrowsAsync<SalesStoreException>(() => NoteAsync(older with { Attempts = [.. attempts] }));

        Restart();
        Assert.Equal([Describe(older)], await LoadAsync(_ours));
    }

    // Arrays compare by reference.
    private static string Describe(JournalEntry entry) =>
        $"{entry with { Attempts = [] }} " + string.Join(", ", entry.Attempts.Select(Describe));

    private static string Describe(TransactionAttempt attempt) =>
        $"{Convert.ToHexString(attempt.Unsigned.AsSpan())} {Convert.ToHexString(attempt.Signed.AsSpan())} "
        + $"{attempt.Hash} {attempt.SentAt.UtcTicks} {attempt.IsCancellation}";

    private Task NoteAsync(params IReadOnlyList<JournalEntry> entries) =>
        _store.Transactions.NoteAsync(entries, default, Cancellation);

    private async Task<IEnumerable<string>> LoadAsync(SendingAccount sender, DateTimeOffset endedSince = default) =>
        (await _store.Transactions.LoadAsync(sender, endedSince, Cancellation)).Select(Describe);

    private void Restart()
    {
        _store.Dispose();
        _store = Open();
    }

    private SqliteSalesStore Open() =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File("sales.db") });
}
