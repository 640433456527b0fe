using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;
using CodexSales.Rx.Market;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.Chaos;

/// <summary>
/// Everything that goes wrong between a host and a real node, at once: what it has queued in the end is what the chain
/// says.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const int Requests = 2_000;
    private const int Disconnects = 100;
    private const int Reorganisations = 50;
    private const int DeepestReorganisation = 10;
    private const int RoundsPerFreeze = 30;
    private const int Seed = 1;

    [Fact]
    public async Task After_all_of_it_events_open_slots_and_queue_are_those_of_a_fresh_read_and_of_the_contract()
    {
        await using var node = await AnvilNode.StartAsync();
        var contract = await DeployedMarketplace.DeployAsync(node);
        var chain = await TroubledChain.BeginAsync(node, contract, Seed);
        using var proxy = new CuttingProxy(node.HttpUrl);
        using var host = new QueueingHost(new HostSettings(proxy.WebSocketUrl, contract.Marketplace, 1, ""), Seed);
        while (chain.Blocks < DeepestReorganisation)
        {
            await chain.MakeBlockAsync(requests: 1);
        }

        await host.ReachAsync(chain.Newest);

        host.Link.IsOn = true;
        var (rounds, cut, frozen, reorganisations) = (0, 0, 0, 0);
        while (cut < Disconnects || reorganisations < Reorganisations || chain.Requests < Requests)
        {
            rounds++;
            await chain.MakeBlockAsync(requests: 30);
            if (rounds % 2 == 0)
            {
                await chain.ReorganiseAsync(depth: 1 + (reorganisations++ % DeepestReorganisation));
                await chain.MakeBlockAsync(requests: 5);
            }

            // While it reads what is new.
            cut += rounds % RoundsPerFreeze == 0 ? 0 : proxy.Cut();
            frozen += rounds % RoundsPerFreeze == 0 ? proxy.Freeze() : 0;
            await host.ReachAsync(chain.Newest);
        }

        host.Link.IsOn = false;
        await chain.MakeBlockAsync(requests: 1);
        await host.ReachAsync(chain.Newest);
        using var fresh = new QueueingHost(new HostSettings(node.WebSocketUrl, contract.Marketplace, 3, ""));
        await fresh.ReachAsync(chain.Newest);

        Assert.Null(host.Error);
        Assert.Equal(fresh.Net, host.Net);
        Assert.Equal(fresh.OpenSlots, host.OpenSlots);
        Assert.Equal(fresh.Queue, host.Queue);
        Assert.Equal(await chain.FindOpenSlotsAsync(), host.Queue.Select(open => open.Slot));
        Assert.Equal(chain.Requests, host.Net.OfType<StorageRequested>().Count());
        Assert.Contains(host.Queue, open => open.Terms.IsRepair);
        Assert.True(host.Reverts > Reorganisations);
        Assert.True(host.Link.State.Reconnects >= Disconnects);
        output.WriteLine(
            $"{cut} cut, {frozen} frozen, {reorganisations} reorganisations, {host.Link.Troubles} wrong answers: "
            + $"{host.Net.Count} events told, {host.Reverts} taken back, {host.Queue.Count} slots in the queue.");
    }
}
