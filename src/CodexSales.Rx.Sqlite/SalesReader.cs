using CodexSales.Rx.Local.Files;
using CodexSales.Rx.Sqlite.Files;
using CodexSales.Rx.Sqlite.Tables;

namespace CodexSales.Rx.Sqlite;

/// <summary>Reads the file beside whoever writes it. Used by one thread at a time.</summary>
internal sealed class SalesReader(SqliteConnection connection) : IDisposable
{
    private readonly Statement _history = new(
        connection, $"SELECT {PastSaleTable.Columns} FROM past_sale WHERE number < ?1 ORDER BY number DESC LIMIT ?2");

    public StoredSales ReadAll()
    {
        // One snapshot for all of it.
        connection.Execute("BEGIN");
        try
        {
            var sales = ReadAll($"SELECT {SaleTable.Columns} FROM sale ORDER BY number", SaleTable.Read);
            return new StoredSales(
                ReadAll($"SELECT {AvailabilityTable.Columns} FROM availability ORDER BY place", AvailabilityTable.Read),
                sales,
                ReadAll($"SELECT {SoldTable.Columns} FROM sold ORDER BY availability", SoldTable.Read),
                Math.Max(ReadLastNumber("sale"), ReadLastNumber("past_sale")))
            {
                LostSlots = ReadLostSlots(sales),
            };
        }
        finally
        {
            connection.Execute("COMMIT");
        }
    }

    public IReadOnlyDictionary<SlotKey, UInt256> ReadGas() => ReadAll(
            "SELECT request_id, slot_index, spent FROM gas",
            row => (Slot: new SlotKey(new RequestId(row.Bytes()), row.UInt64()), Wei: row.Amount()))
        .ToDictionary(spent => spent.Slot, spent => spent.Wei);

    public IReadOnlyList<StoredPastSale> ReadHistory(long before, int count)
    {
        using var rows = _history.Query(before, (long)count);
        return [.. rows.All(PastSaleTable.Read).Select(read => new StoredPastSale(read.Past.Sale, read.Past.End, read.Spent))];
    }

    public IReadOnlyList<StoredRefusal> ReadRefusals(long before, int count)
    {
        using var statement = new Statement(
            connection,
            $"SELECT number, {RefusalTable.Columns} FROM refusal WHERE number < ?1 ORDER BY number DESC LIMIT ?2");
        using var rows = statement.Query(before, (long)count);
        return [.. rows.All(RefusalTable.Read).Select(read => new StoredRefusal(read.Number, read.Refusal))];
    }

    // Nonces over 2^63 - 1 are negative in the file: there is no account that has sent so much.
    public IReadOnlyList<JournalEntry> ReadTransactions(SendingAccount sender, ulong before, int count, bool isInFlight)
    {
        const string ofSender = "chain = ?1 AND account = ?2";
        using var sent = new Statement(
            connection,
            "SELECT nonce, kind, request_id, slot_index, period, amount, end_kind, ended_at, spent, block FROM sent "
            + $"WHERE {ofSender} AND nonce < ?3 AND (end_kind IS NULL OR NOT ?4) ORDER BY nonce DESC LIMIT ?5");
        using var attempts = new Statement(
            connection,
            "SELECT nonce, unsigned, signed, hash, sent_at, withdrawal "
            + $"FROM attempt WHERE {ofSender} AND nonce = ?3 ORDER BY place");
        using var rows = sent.Query(sender, Math.Min(before, long.MaxValue), isInFlight, (long)count);
        return rows.All(row => SentTable.Read(row, sender, nonce =>
        {
            using var of = attempts.Query(sender, nonce);
            return of.All(AttemptTable.Read).Select(found => found.Attempt);
        }));
    }

    /// <summary>Copies the file as it is now to where nothing is yet.</summary>
    public void BackUp(string path)
    {
        if (Path.Exists(path))
        {
            throw new SalesStoreException($"The backup '{path}' is not made: there is something of that name already.");
        }

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new SalesStoreException($"The backup '{path}' is not made: there is no folder '{folder}'.");
        }

        var unfinished = path + ".part";
        if (Directory.Exists(unfinished) || FileHeader.Read(unfinished) is { IsBlank: false, IsDatabase: false })
        {
            throw new SalesStoreException($"The backup '{path}' is not made: '{unfinished}' is in its way, and no part of a backup.");
        }

        File.Delete(unfinished);
        OwnerOnly.Create(unfinished);
        try
        {
            using (var copy = Database.Open(unfinished, SqliteOpenMode.ReadWriteCreate))
            {
                connection.BackupDatabase(copy);
                copy.ReadText("PRAGMA journal_mode = DELETE"); // One file, that can be read where nothing can be written.
            }

            File.Move(unfinished, path);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public void Dispose() => _history.Dispose();

    // Moments over 2^63 - 1 are negative in the file, so it can compare them only among themselves.
    private List<LostSlot> ReadLostSlots(List<SaleRecord> sales)
    {
        var moments = ReadAll(
            "SELECT max(at) FROM past_sale UNION ALL SELECT max(at) FROM past_sale WHERE at < 0", row => row.MomentOrNull());
        var last = moments.OfType<UnixSeconds>().Concat(sales.Select(sale => sale.At)).DefaultIfEmpty().Max();
        var lost = ReadAll(
            "SELECT DISTINCT request_id, slot_index, ends_at FROM past_sale WHERE reason = 'ForcedOut'",
            row => new LostSlot(new SlotKey(new RequestId(row.Bytes()), row.UInt64()), row.Moment()));
        return [.. lost.Where(slot => slot.EndsAt >= last)];
    }

    private long ReadLastNumber(string table) => connection.ReadNumber($"SELECT ifnull(max(number), 0) FROM {table}");

    private List<T> ReadAll<T>(string sql, Func<Rows, T> read)
    {
        using var statement = new Statement(connection, sql);
        using var rows = statement.Query();
        return rows.All(read);
    }
}
