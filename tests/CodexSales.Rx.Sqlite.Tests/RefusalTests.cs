using CodexSales.Rx.Domain.Reasons;

namespace CodexSales.Rx.Sqlite.Tests;

public sealed class RefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_latest_are_kept_with_every_field_and_come_back_page_by_page()
    {
        var all = Enumerable.Range(1, 25).Select(Some).ToList();
        using (var store = Open())
        {
            await store.NoteRefusalsAsync(all[..15], most: 20, Cancellation);
            await store.NoteRefusalsAsync(all[15..], most: 20, Cancellation);
        }

        using var next = Open();
        var first = await next.ReadRefusalsAsync(long.MaxValue, 12, Cancellation);
        var second = await next.ReadRefusalsAsync(first[^1].Number, 12, Cancellation);

        Assert.Equal(all.AsEnumerable().Reverse().Take(20), first.Concat(second).Select(stored => stored.Refusal));
        Assert.Empty(await next.ReadRefusalsAsync(second[^1].Number, 12, Cancellation));
    }

    private SqliteSalesStore Open() => SqliteSalesStore.Open(new SqliteStoreOptions { Path = _folder.File("sales") });

    private static Refusal Some(int number) => new(
        new UnixSeconds((ulong)number), default, number % 2 == 0 ? null : ulong.MaxValue, (RefusalReason)(number % 15), $"No. {number}.")
    {
        Offered = number % 3 == 0 ? null : UInt256.MaxValue,
        Limit = number % 3 == 0 ? null : (ulong)number,
    };
}
