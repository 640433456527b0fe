namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>What a sale spent on gas is known after a restart, each transaction once.</summary>
public sealed class GasTests : IDisposable
{
    private static readonly DateTimeOffset _noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly SendingAccount _ours = new(1, Address.Parse("0x" + new string('a', 40)));

    private readonly TemporaryFolder _folder = new();
    private readonly SomeChanges _changes = new(seed: 1);
    private readonly SaleRecord _first;
    private readonly SaleRecord _second;
    private SqliteSalesStore _store;

    public GasTests()
    {
        _store = Open();
        (_first, _second) = (_changes.Sale(1), _changes.Sale(2));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_has_ended_is_added_up_for_each_sale_that_runs_over_restarts_and_what_is_forgotten()
    {
        await SaveAsync(new SaleSaved(_first), new SaleSaved(_second));
        await NoteAsync(Sent(1, TransactionKind.ReserveSlot, _first), Sent(2, TransactionKind.ReserveSlot, _second));
        await NoteAsync(Ended(1, TransactionKind.ReserveSlot, _first, 5), Sent(3, TransactionKind.SubmitProof, _first));
        Restart();
        await _store.Transactions.LoadAsync(_ours, _noon.AddDays(2), Cancellation);
        await NoteAsync(
            Ended(2, TransactionKind.ReserveSlot, _second, UInt256.MaxValue - 1),
            Ended(3, TransactionKind.SubmitProof, _first, 7));
        await NoteAsync(Ended(4, TransactionKind.SubmitProof, _second, 2));
        Restart();

        Assert.Equal(((UInt256)12, UInt256.MaxValue), (Gas(_first), Gas(_second)));
    }

    [Fact]
    public async Task An_end_that_is_noted_twice_is_added_once_and_a_nonce_that_was_given_back_counts_when_it_is_used()
    {
        await SaveAsync(new SaleSaved(_first));
        await NoteAsync(Ended(1, TransactionKind.ReserveSlot, _first, 5), Ended(2, TransactionKind.FillSlot, _first, 0));

        await NoteAsync(Ended(1, TransactionKind.ReserveSlot, _first, 5), Ended(2, TransactionKind.FillSlot, _first, 3));
        await NoteAsync(Ended(2, TransactionKind.FillSlot, _first, 3));

        Assert.Equal((UInt256)8, Gas(_first));
    }

    [Fact]
    public async Task The_fills_after_an_approval_share_what_it_cost()
    {
        await SaveAsync(new SaleSaved(_first), new SaleSaved(_second));
        await NoteAsync(
            Sent(4, TransactionKind.Approve, null),
            Sent(5, TransactionKind.FillSlot, _second),
            Sent(6, TransactionKind.FillSlot, _first),
            Sent(7, TransactionKind.SubmitProof, _first));

        await NoteAsync(Ended(4, TransactionKind.Approve, null, 100), Ended(6, TransactionKind.FillSlot, _first, 1));

        Assert.Equal(((UInt256)51, (UInt256)50), (Gas(_first), Gas(_second)));
    }

    [Fact]
    public async Task A_sale_that_is_over_takes_along_what_it_has_cost_and_gets_what_ends_later()
    {
        await SaveAsync(new SaleSaved(_first), new SaleSaved(_second));
        await NoteAsync(Ended(1, TransactionKind.ReserveSlot, _first, 5), Ended(2, TransactionKind.ReserveSlot, _second, 7));
        await SaveAsync(Closing(_first));
        Assert.Equal([5], await SpentAsync());

        await NoteAsync(Ended(3, TransactionKind.FreeSlot, _first, 6));
        await NoteAsync(Ended(3, TransactionKind.FreeSlot, _first, 6));

        Assert.Equal([11], await SpentAsync());
        Assert.Equal(_second.Slot, Assert.Single(_store.LoadGas()).Key);
    }

    [Fact]
    public async Task A_sale_that_is_closed_twice_keeps_what_it_has_cost_and_one_that_sent_nothing_has_cost_nothing()
    {
        await SaveAsync(new SaleSaved(_first), new SaleSaved(_second));
        await NoteAsync(Ended(1, TransactionKind.ReserveSlot, _first, 5));
        await SaveAsync(Closing(_first), Closing(_second));

        await SaveAsync(Closing(_first));

        Assert.Equal([0, 5], await SpentAsync());
    }

    [Fact]
    public async Task What_ends_when_its_sale_is_long_over_is_the_latest_sales_of_that_slot_or_nobodys()
    {
        var again = _first with { Number = 3 };
        await SaveAsync(Closing(_first), Closing(again), Closing(_changes.Sale(1_500)));
        await NoteAsync(Ended(1, TransactionKind.FreeSlot, _first, 5));
        await SaveAsync(new SaleSaved(again with { Number = 1_501 }));
        await NoteAsync(Ended(2, TransactionKind.ReserveSlot, _first, 6));
        await SaveAsync(Closing(again with { Number = 1_501 }));
        await NoteAsync(Ended(3, TransactionKind.FreeSlot, _first, 7));

        Assert.Equal([13, 0, 0, 0], await SpentAsync());
    }

    [Fact]
    public async Task What_could_not_be_noted_is_not_added()
    {
        await SaveAsync(new SaleSaved(_first));
        var end = Ended(1, TransactionKind.ReserveSlot, _first, 5);
        var attempts = Enumerable.Repeat(end.Attempts[0] with { Unsigned = [.. new byte[10_000]] }, 10);
        await _store.WriteAsync(() => _store.Writing.Execute("PRAGMA max_page_count = 1"), Cancellation);

        await Assert.ThrowsAsync<SalesStoreException>(() => NoteAsync(end with { Attempts = [.. attempts] }));

        Restart();
        Assert.Empty(_store.LoadGas());
    }

    private static JournalEntry Sent(ulong nonce, TransactionKind kind, SaleRecord? sale) => new()
    {
        Sender = _ours,
        Nonce = nonce,
        Purpose = new TransactionPurpose(kind, sale?.Slot, null, 0),
        Attempts = [new TransactionAttempt([1], [2], default(Bytes32), _noon)],
    };

    private static JournalEntry Ended(ulong nonce, TransactionKind kind, SaleRecord? sale, UInt256 wei) =>
        Sent(nonce, kind, sale) with
        {
            End = new TransactionEnd(
                wei == UInt256.Zero ? TransactionEndKind.Rejected : TransactionEndKind.Landed, _noon, wei, 1),
        };

    private SaleClosed Closing(SaleRecord sale) =>
        _changes.Closing(sale.Number) is var closing ? closing with { Sale = closing.Sale with { Sale = sale } } : closing;

    private async Task<IEnumerable<UInt256?>> SpentAsync() =>
        (await _store.ReadPastSalesAsync(long.MaxValue, 100, Cancellation)).Select(past => past.SpentWei);

    private UInt256 Gas(SaleRecord sale) => _store.LoadGas()[sale.Slot];

    private Task NoteAsync(params IReadOnlyList<JournalEntry> entries) =>
        _store.Transactions.NoteAsync(entries, default, Cancellation);

    private Task SaveAsync(params StoreChange[] changes) => _store.SaveAsync(changes, Cancellation);

    private void Restart()
    {
        _store.Dispose();
        _store = Open();
    }

    private SqliteSalesStore Open() =>
        SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File("sales.db") });
}
