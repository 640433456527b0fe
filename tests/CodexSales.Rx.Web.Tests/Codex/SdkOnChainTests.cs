using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;
using CodexSales.Rx.Ports.Proving;

namespace CodexSales.Rx.Web.Tests.Codex;

/// <summary>The SDK against a host that sells on a real node: all of it is real but for its data and its proofs.</summary>
public sealed class SdkOnChainTests
{
    [Fact]
    public async Task It_is_told_the_slots_that_the_contract_says_are_the_hosts()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var day = await MarketDay.StartAsync();
        var folder = Directory.CreateTempSubdirectory("codexsales-sdk-");
        var account = day.SettingsFor(account: 1, Path.Combine(folder.FullName, "sales.db"));
        await using var host = WebHost.Make(
            settings:
            [
                ("Ethereum:Nodes:0", $"{day.Node.WebSocketUrl}"),
                ("Ethereum:Marketplace", $"{account.Marketplace}"),
                ("Ethereum:KeyFile", WebHost.TokenFile(Convert.ToHexStringLower(account.Key))),
                ("Ethereum:Transactions:WatchInterval", "00:00:01"),
                ("Sqlite:Path", account.StorePath),
            ],
            choose: codex => codex.UseEthereum().UseSqlite().UseStorage<QuickStorage>().UseProver<QuickProver>());
        host.App.MapCodexSales();
        await host.App.StartAsync(cancellation);
        day.Followers = async (block, stop) =>
        {
            while (!(host.Sales.Chain.Block?.Number >= block))
            {
                stop.ThrowIfCancellationRequested();
                await host.GetAsync("/api/codex/v1/debug/info");
            }
        };

        await day.RequestAsync(slots: 2, periods: 40, periodsUntilExpiry: 30);
        await day.UntilAsync(() => Hosted(host) == 2, cancellation);
        var told = await Sdk.AskAsync(host.Address);

        Assert.True(told.GetProperty("found").GetBoolean());
        Assert.Equal($"{host.Sales.Chain.Account}", told.GetProperty("info").GetProperty("ethAddress").GetString());
        var request = Assert.Single(day.Requests);
        var id = RequestId.Of(request);
        Assert.Equal(
            new[] { $"{SlotId.Of(id, 0)}", $"{SlotId.Of(id, 1)}" }.Order(),
            told.GetProperty("slots").EnumerateArray().Select(slot => slot.GetProperty("id").GetString()).Order());
        var slot = told.GetProperty("slot");
        Assert.Equal(("SaleProving", $"{id}"), (slot.GetProperty("state").GetString(), slot.GetProperty("requestId").GetString()));
        Assert.Equal($"{request.Client}", slot.GetProperty("request").GetProperty("client").GetString());
        Assert.Equal($"{request.Ask.PricePerBytePerSecond}", slot.GetProperty("request").GetProperty("ask").GetProperty("pricePerBytePerSecond").GetString());
        Assert.StartsWith("z", slot.GetProperty("request").GetProperty("content").GetProperty("cid").GetString(), StringComparison.Ordinal);
        Assert.Equal(request.ExpirySeconds, slot.GetProperty("request").GetProperty("expiry").GetUInt64());
        Assert.Equal(2, told.GetProperty("reservations").EnumerateObject().Sum(one => one.Value.GetArrayLength()));
    }

    private static int Hosted(WebHost host) =>
        host.Sales.Sales.Snapshot.Items.Count(step => step.State == SaleStateName.SaleProving);

    private sealed class QuickProver : IProver
    {
        public Task<Groth16Proof> ProveAsync(SlotKey slot, Bytes32 challenge, CancellationToken cancellation) =>
            Task.FromResult(SimulatedProver.AnyProof);
    }
}
