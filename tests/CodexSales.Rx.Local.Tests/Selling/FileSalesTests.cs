using CodexSales.Rx.Domain.Reasons;
using CodexSales.Rx.Local.Tests.Files;
using static CodexSales.Rx.Local.Tests.Samples;

namespace CodexSales.Rx.Local.Tests.Selling;

/// <summary>The real pipeline with slots in real files.</summary>
public sealed class FileSalesTests : IDisposable
{
    private readonly SharedVirtualTime _time = new();
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_slot_is_on_the_disk_while_it_is_hosted_and_gone_when_it_is_paid()
    {
        var source = new ScriptedSource(Bytes(1_000));
        using var storage = Storage(source);
        using var sales = new RealSales(_time, storage, new SimulatedProver(_time));
        var request = sales.Request(price: 9);

        sales.RunUntil(() => sales.Has(request, SaleStateName.SaleProving));
        sales.RunUntil(() => Kept(sales, storage));
        sales.RunUntil(() => sales.EndOf(request) is not null);

        Assert.Equal(SaleReason.Paid, sales.EndOf(request)!.Reason);
        Assert.Empty(await storage.ListAsync(Token));
    }

    [Fact]
    public async Task A_source_that_is_too_short_costs_one_sale()
    {
        using var storage = Storage(new ScriptedSource(Bytes(999)));
        using var sales = new RealSales(_time, storage, new SimulatedProver(_time));
        var (first, second) = (sales.Request(price: 9), sales.Request(price: 5, sizeBytes: 999));

        sales.RunUntil(() => sales.EndOf(second) is not null);

        Assert.Equal(
            (SaleReason.DownloadFailed, SaleReason.Paid), (sales.EndOf(first)!.Reason, sales.EndOf(second)!.Reason));
        Assert.EndsWith(
            "has 1000 bytes, but the source ends after 999.", sales.EndOf(first)!.Detail, StringComparison.Ordinal);
        Assert.Empty(await storage.ListAsync(Token));
        Assert.Equal(0UL, sales.Balance.HeldBytes);
    }

    public void Dispose() => _folder.Dispose();

    private bool Kept(RealSales sales, FileSlotStorage storage) =>
        _time.WaitFor(storage.ListAsync(Token)) is [{ IsComplete: true, KeepUntil: { } until }]
        && until == sales.Steps[^1].Sale.Terms.EndsAt;

    private FileSlotStorage Storage(ScriptedSource source) => new(
        source, new FileSlotStorageOptions { Directory = _folder.Path, QuotaBytes = 1_000 });
}
