using CodexSales.Rx.Availabilities;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;

/// <summary>
/// A reorganisation turns what became of a host's fill: a rival's stood before it, or stands before it.
/// </summary>
public sealed class TurnedFillTests : IAsyncLifetime
{
    private const ulong PeriodSeconds = 62;
    private const int BlocksOfPeriod = (int)(PeriodSeconds / PacedMarket.BlockSeconds);
    private const int BlocksUntilFinal = 16;
    private const int MostBlocks = 200;

    private readonly TemporaryFolder _folder = new();
    private PacedMarket _market = null!;
    private AnsweringProxy _proxy = null!;
    private SellingHost _host = null!;
    private SlotKey _slot;

    private Address Rival => _market.Node.Accounts[2];

    private SalesTotals Books => _host.Pipeline.Availabilities.Totals;

    private bool IsHosting => Books is { Sales: 1 } && Books.ExpectedReward > 0;

    public async ValueTask InitializeAsync()
    {
        _market = await PacedMarket.StartAsync(PeriodSeconds, BlocksUntilFinal, quickening: 8);
        _proxy = new AnsweringProxy(_market.Node.HttpUrl, NodeKind.Direct);
        _host = new SellingHost(_market.SettingsFor(account: 1, _proxy.Url, _folder.File("sales.db")));
        await _host.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        _proxy.Dispose();
        await _market.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_fill_that_lands_after_all_is_a_sale_within_a_period_and_is_proved_and_paid(int blocksOnTop)
    {
        var (ours, block) = await FillAsync(isRivalFirst: true);
        await UntilAsync(() => _market.Head.Number >= block + (ulong)blocksOnTop);
        Assert.False(await HasLandedAsync());

        await ReorganiseAsync(block, [.. ours]);
        Assert.True(await HasLandedAsync());
        await _market.UntilAsync(() => IsHosting, BlocksOfPeriod, Cancel);

        Assert.True(IsHosting, $"{Books}");
        await UntilAsync(() => _market.IsOver && _host.Pipeline.Sales.Count == 0);
        var sent = await _market.ReadTransactionsAsync();
        Assert.DoesNotContain(sent, one => one is { Function: "markProofAsMissing", HasSucceeded: true });
        Assert.Contains(sent, one => one is { Function: "submitProof", HasSucceeded: true });
        Assert.Equal(SlotState.Paid, await _market.Contract.GetSlotStateAsync(_slot.SlotId));
        var earned = _market.RewardOf(sent.Single(one => one is { Function: "fillSlot", HasSucceeded: true }));
        Assert.Equal(new SalesTotals(0, 0, 0, 0, 0, 1, earned, 0, 0), Books);
        Assert.Equal(PacedMarket.HostFunds + earned, await _market.Contract.GetBalanceAsync(_host.Account));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_fill_that_is_refused_after_all_is_no_sale_and_costs_nothing(int blocksOnTop)
    {
        var (ours, block) = await FillAsync(isRivalFirst: false);
        await UntilAsync(() => _market.Head.Number >= block + (ulong)blocksOnTop);
        Assert.True(await HasLandedAsync());

        await ReorganiseAsync(block, [await FillOfRivalAsync(), .. ours]);
        Assert.False(await HasLandedAsync());
        await _market.UntilAsync(() => Books.Sales == 0, BlocksUntilFinal + BlocksOfPeriod, Cancel);

        Assert.Equal(new SalesTotals(0, 0, 0, 0, 0, 0, 0, 0, 0), Books);
        Assert.Equal(PacedMarket.HostFunds, await _market.Contract.GetBalanceAsync(_host.Account));
        Assert.Empty(_host.StoredSlots);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Until the host's fill is in a block, and a rival's before it or none. The block, and what was sent: the fill, and the
    // approval that goes before it.
    private async Task<(string[] Ours, ulong Block)> FillAsync(bool isRivalFirst)
    {
        var ours = new TaskCompletionSource<string[]>();
        var approval = "";
        _proxy.Sending = async transaction =>
        {
            approval = transaction.Contains(SelectorOfApproval, StringComparison.Ordinal) ? transaction : approval;
            if (transaction.Contains(SelectorOfFill, StringComparison.Ordinal) && !ours.Task.IsCompleted)
            {
                if (isRivalFirst)
                {
                    await _market.Node.Rpc.CallAsync("eth_sendTransaction", await FillOfRivalAsync());
                }

                ours.SetResult([approval, transaction]);
            }
        };
        var requests = await _market.RequestAsync(requests: 1, slots: 1, seconds: 320, secondsUntilExpiry: 240);
        _slot = new SlotKey(RequestId.Of(requests[0]), 0);
        await _market.Node.PostAsync(
            Rival, _market.Contract.Token, _market.Contract.Approval(UInt256.MaxValue).ToString());
        await _market.Node.PostAsync(
            Rival, _market.Contract.Marketplace, MarketplaceCalls.ReserveSlot(_slot).ToString());
        await UntilAsync(() => ours.Task.IsCompleted);
        var before = _market.Head.Number;
        await UntilAsync(() => _market.Head.Number > before);
        var fill = (await _market.ReadTransactionsAsync())
            .Last(one => one.Function == "fillSlot" && one.From == _host.Account);
        var receipt = await _market.Node.GetReceiptAsync(fill.Hash);
        return (await ours.Task, receipt!.BlockNumber);
    }

    private async Task<object> FillOfRivalAsync()
    {
        const ulong gas = 1_000_000;
        var proof = await _market.Contract.ProveAsync(_slot.SlotId);
        return new
        {
            from = $"{Rival}",
            to = $"{_market.Contract.Marketplace}",
            data = $"{MarketplaceCalls.FillSlot(_slot, proof)}",
            gas = Quantity.Of(gas),
        };
    }

    // Replaces a block and all on top of it: the first of the new ones has these transactions.
    private async Task ReorganiseAsync(ulong block, params object[] transactions)
    {
        await _market.Node.ReorgAsync(
            _market.Head.Number - block + 1, transactions.Select(transaction => (transaction, 0ul)));
        await _market.LookAsync();
    }

    private async Task UntilAsync(Func<bool> isSo) => Assert.True(await _market.UntilAsync(isSo, MostBlocks, Cancel));

    private async Task<bool> HasLandedAsync() =>
        await _market.Contract.GetHostAsync(_slot.SlotId) == _host.Account;

    private string SelectorOfApproval => _market.Contract.Approval(default).ToString()[2..10];

    private static string SelectorOfFill { get; } =
        MarketplaceCalls.FillSlot(default, DeployedMarketplace.Proof).ToString()[2..10];
}
