using System.Collections.Immutable;

namespace CodexSales.Rx.Sqlite.Tests;

/// <summary>What a host of many slots notes in a year stays in a file of the size of a day.</summary>
public sealed class JournalOfAYearTests : IDisposable
{
    private const int Slots = 1_000;
    private const int ProofsADay = Slots / 4;

    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SendingAccount _sender = new(1, Address.Parse("0x" + new string('a', 40)));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A proof of each slot every four days: noted when it is sent, and a day later once more when it has ended.
    [Fact]
    public async Task The_file_does_not_grow_with_what_has_ended()
    {
        using var store = SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File("sales.db") });
        long afterAWeek = 0;
        List<JournalEntry> sent = [];
        for (var day = 0; day < 365; day++)
        {
            var now = _start.AddDays(day);
            var ended = sent.Select(entry => entry with { End = Landed(now.AddMinutes(-1)) }).ToList();
            sent = [.. Enumerable.Range(day % 4 * ProofsADay, ProofsADay).Select(slot => Proof(day, slot, now))];
            await NoteAsync(store, [.. ended, .. sent], now);
            afterAWeek = day == 7 ? Size() : afterAWeek;
        }

        Assert.InRange(Size(), 1, afterAWeek * 3 / 2);
        Assert.InRange(
            (await store.Transactions.LoadAsync(_sender, default, TestContext.Current.CancellationToken)).Count,
            ProofsADay,
            3 * ProofsADay);
    }

    private static Task NoteAsync(SqliteSalesStore store, IReadOnlyList<JournalEntry> entries, DateTimeOffset now) =>
        store.Transactions.NoteAsync(entries, now.AddDays(-1), TestContext.Current.CancellationToken);

    private static JournalEntry Proof(int day, int slot, DateTimeOffset now) => new()
    {
        Sender = _sender,
        Nonce = (ulong)((day * Slots) + slot),
        Purpose = new TransactionPurpose(
            TransactionKind.SubmitProof, new SlotKey(new RequestId(Keccak256.Hash(BitConverter.GetBytes(slot))), 0), 1, 0),
        Attempts = [new TransactionAttempt(Bytes(300), Bytes(370), Keccak256.Hash(BitConverter.GetBytes(day + slot)), now)],
    };

    private static TransactionEnd Landed(DateTimeOffset at) => new(TransactionEndKind.Landed, at, 1, 1);

    private static ImmutableArray<byte> Bytes(int count) => [.. new byte[count]];

    private long Size() => _folder.Names.Sum(name => new FileInfo(_folder.File(name)).Length);
}
