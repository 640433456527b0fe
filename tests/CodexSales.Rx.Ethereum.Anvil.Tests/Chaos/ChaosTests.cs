using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;
using CodexSales.Rx.Ethereum.Transactions;
using CodexSales.Rx.Ports.Market;

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

    // As long as the manager looks at what has landed with each block, and until all that was taken back has landed again.
    private const int LeastBlocksAfterwards = 14;

    // They come as fast as the host follows, and what a pool has forgotten is sent again after 15 s.
    private const int MostBlocksAfterwards = 1_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_all_of_it_events_slots_queue_and_reservations_are_those_of_a_fresh_read_and_of_the_contract(
        bool isPendingLatest)
    {
        await using var node = await AnvilNode.StartAsync();
        var contract = await DeployedMarketplace.DeployAsync(node);
        var chain = await TroubledChain.BeginAsync(node, contract, Seed);
        using var proxy = new CuttingProxy(node.HttpUrl);
        using var host = new QueueingHost(new HostSettings(proxy.WebSocketUrl, contract.Marketplace, 1, ""), Seed, isPendingLatest);
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
            host.Reserve(chain.Newest);
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
        for (var blocks = 0; blocks < LeastBlocksAfterwards || (!host.IsSettled && blocks < MostBlocksAfterwards); blocks++)
        {
            await chain.MakeBlockAsync(requests: 1);
            await host.ReachAsync(chain.Newest);
        }

        using var fresh = new QueueingHost(new HostSettings(node.WebSocketUrl, contract.Marketplace, 3, ""));
        await fresh.ReachAsync(chain.Newest);

        Assert.Null(host.Error);
        Assert.True(host.IsSettled);
        Assert.Equal(fresh.Net, host.Net);
        Assert.Equal(fresh.OpenSlots, host.OpenSlots);
        Assert.Equal(fresh.Queue, host.Queue);
        Assert.Equal(await chain.FindOpenSlotsAsync(), host.Queue.Select(open => open.Slot));
        Assert.Equal(chain.Requests, host.Net.OfType<StorageRequested>().Count());
        Assert.Contains(host.Queue, open => open.Terms.IsRepair);
        await AssertReservationsAsync(node, host);
        Assert.Equal(isPendingLatest, host.Link.Aliased > 0);
        Assert.True(host.Reverts > Reorganisations);
        Assert.True(host.Link.State.Reconnects >= Disconnects);
        output.WriteLine(
            $"{cut} cut, {frozen} frozen, {reorganisations} reorganisations, {host.Link.Troubles} wrong answers: "
            + $"{host.Net.Count} events told, {host.Reverts} taken back, {host.Queue.Count} slots in the queue, "
            + $"{string.Join(", ", host.Reservations.Values.CountBy(told => told.Kind))} reservations.");
    }

    // What was told of each is what became of it; none was sent twice, and no nonce is left out or waits.
    private static async Task AssertReservationsAsync(AnvilNode node, QueueingHost host)
    {
        var sent = (await ChainTransaction.ReadAllAsync(node, 1, (await node.GetHeadAsync()).Number))
            .Where(one => one.From == host.Account)
            .Select(one => (
                one.Slot, one.HasSucceeded ? TransactionNoticeKind.Landed : TransactionNoticeKind.Reverted))
            .ToList();
        var told = host.Reservations
            .Where(told => told.Value.Kind is TransactionNoticeKind.Landed or TransactionNoticeKind.Reverted)
            .Select(told => (told.Key, told.Value.Kind));
        Assert.Equal(InOrder(sent), InOrder(told));
        Assert.True(sent.Count > Reorganisations);
        var pending = await node.Rpc.CallAsync("eth_getTransactionCount", $"{host.Account}", "pending");
        Assert.Equal((ulong)sent.Count, Quantity.Read(pending));

        static IEnumerable<(SlotId, TransactionNoticeKind)> InOrder(
            IEnumerable<(SlotId Slot, TransactionNoticeKind Kind)> reservations) =>
            reservations.OrderBy(one => $"{one.Slot}", StringComparer.Ordinal);
    }
}
