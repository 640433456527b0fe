using System.Security.Cryptography;
using System.Text;
using CodexSales.Rx.Domain.Reasons;

namespace CodexSales.Rx.Sqlite.Tests.Versions;

/// <summary>What a program of an older version left is understood for good.</summary>
public sealed class OlderFileTests : IDisposable
{
    private static readonly SaleRecord _sale = new()
    {
        Number = 1,
        SlotIndex = 102,
        Terms = new SlotTerms
        {
            RequestId = RequestId.Parse("0x" + "101".PadLeft(64, '0')),
            Ask = new StorageAsk
            {
                ProofProbability = 0x103,
                PricePerBytePerSecond = 0x104,
                CollateralPerByte = 0x105,
                Slots = 106,
                SlotSizeBytes = 107,
                DurationSeconds = 108,
                MaxSlotLoss = 109,
            },
            Reward = 0x110,
            Collateral = 0x111,
            ExpiresAt = new(112),
            EndsAt = new(113),
            IsRepair = true,
        },
        State = SaleStateName.SaleUnknown,
        StartedAt = new(115),
        At = new(116),
        HeldIn = new("first"),
        FilledAt = new(118),
        MissedProofs = 119,
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_of_version_1_is_understood()
    {
        using var store = Open(version: 1);

        var stored = store.Load();

        Assert.Equal(["first", "second"], stored.Availabilities.Select(stored => stored.Availability.Id.ToString()));
        Assert.Equal(
            new StoredAvailability(
                new Availability
                {
                    Id = new("first"),
                    TotalBytes = ulong.MaxValue,
                    MaxDurationSeconds = 2,
                    MinPricePerBytePerSecond = UInt256.MaxValue,
                    TotalCollateral = 4,
                    IsDisabled = true,
                    Until = new(5),
                },
                IsDraining: true),
            stored.Availabilities[0]);
        Assert.Equal(_sale, stored.Sales[0]);
        Assert.Equal([new(null, 1, 2, 3, 4), new(new("first"), 5, 6, 7, 8)], stored.Totals);
        Assert.Equal(116, stored.LastNumber);
        var past = (await Stored.HistoryAsync(store))[^1];
        Assert.Equal(new SaleEnd(SaleReason.Paid, "Because.", 0x120, 0x121), past.End);
        Assert.Equal((null, null, false), (past.Sale.HeldIn, past.Sale.FilledAt, past.Sale.Terms.IsRepair));
        var withCost = await store.ReadPastSalesAsync(long.MaxValue, 1_000, TestContext.Current.CancellationToken);
        Assert.All(withCost, sale => Assert.Null(sale.SpentWei));
    }

    [Fact]
    public async Task Every_word_that_was_ever_written_is_understood()
    {
        using var store = Open(version: 1);

        var states = store.Load().Sales.Select(sale => sale.State);
        var reasons = (await Stored.HistoryAsync(store)).Select(past => past.End.Reason);

        Assert.Equal(14, states.Distinct().Count());
        Assert.Equal(16, reasons.Distinct().Count());
    }

    [Theory]
    [InlineData(1, "45ade45081d893a1")]
    [InlineData(2, "4be7806691d606ad")]
    [InlineData(3, "3b6205c8b0a22d1d")]
    [InlineData(4, "a567b5d96b1166d3")]
    [InlineData(5, "43f14d0373ab982a")]
    [InlineData(6, "a01595c27c28ac25")]
    [InlineData(7, "e786e5ce7178903e")]
    [InlineData(8, "f7c72c7400c389dd")]
    [InlineData(9, "55972d68651dd92a")]
    public void What_leads_to_a_version_never_changes(int version, string hash) => Assert.Equal(
        hash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Schema.Migrations[version - 1])))[..16]);

    private SqliteSalesStore Open(int version)
    {
        var path = _folder.File("sales.db");
        using (var connection = Database.Open(path, SqliteOpenMode.ReadWriteCreate))
        {
            connection.Execute($"PRAGMA application_id = {Schema.ApplicationId}");
            Schema.Migrate(connection, [.. Schema.Migrations.Take(version)]);
            connection.Execute(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Versions", $"{version}.sql")));
        }

        return SqliteSalesStore.Open(new SqliteStoreOptions { Path = path });
    }
}
