using CodexSales.Rx.Domain;
using CodexSales.Rx.Nethereum.Rpc;
using CodexSales.Rx.Nethereum.Signers;
using CodexSales.Rx.Nethereum.Streams;
using Nethereum.JsonRpc.Client;
using Nethereum.JsonRpc.WebSocketStreamingClient;
using Nethereum.Web3.Accounts;
using System.Reactive.Linq;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>A host that subscriptions of Nethereum.RPC.Reactive wake, over connections that are cut.</summary>
public sealed class NethereumWakesTests
{
    private const int WakesOfAConnection = 15;

    [Fact]
    public async Task A_slot_is_sold_while_pushed_heads_wake_the_host_over_connections_that_are_cut()
    {
        using var folder = new TemporaryFolder();
        await using var day = await MarketDay.StartAsync();
        var settings = day.SettingsFor(account: 1, folder.File("sales.db"));
        var (connections, wakes, stream) = (0, 0, default(StreamingWebSocketClient));
        using var host = new SellingHost(settings with
        {
            Node = day.Node.WebSocketUrl,
            Signer = new Account(settings.Key).ToSigner(),
            Link = (endpoint, time) => new NethereumRpcLink(
                new RpcClient(settings.Node), endpoint, null, time, NethereumWakes.Of(Connect, settings.Marketplace, time).Do(_ => Cut())),
        });
        day.Followers = host.ReachAsync;
        await host.RunAsync();

        await day.RequestAsync(slots: 1, periods: 5, periodsUntilExpiry: 4);
        await day.UntilAsync(() => host.Steps.Any(step => step.End is not null), TestContext.Current.CancellationToken);

        Assert.Equal(SaleStateName.SaleFinished, Assert.Single(host.Steps, step => step.End is not null).State);
        await host.AssertBooksAsync(day);
        Assert.True(connections > 1, $"{connections} connections, {wakes} wakes");

        StreamingWebSocketClient Connect()
        {
            connections++;
            return stream = new StreamingWebSocketClient($"{day.Node.WebSocketUrl}");
        }

        void Cut()
        {
            if (++wakes % WakesOfAConnection == 0)
            {
                _ = stream!.StopAsync();
            }
        }
    }
}
