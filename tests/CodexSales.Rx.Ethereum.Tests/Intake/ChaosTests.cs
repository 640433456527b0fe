using System.Reactive.Linq;
using CodexSales.Rx.Ethereum.Rpc;
using CodexSales.Rx.Ports.Market;

namespace CodexSales.Rx.Ethereum.Tests.Intake;

/// <summary>
/// Everything that goes wrong with nodes, at once, from a seed: what was told is what the chain says in the end.
/// </summary>
public sealed class ChaosTests
{
    private const int Requests = 2_000;
    private const int Disconnects = 100;
    private const int Reorganisations = 50;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void After_all_of_it_events_open_slots_and_queue_are_those_of_a_fresh_read(int seed)
    {
        var random = new Random(seed);
        var bench = new IntakeBench();
        bench.Node.MineEmpty(70);
        bench.Node.KeepsViews = true;
        bench.Node.Mine();
        var events = bench.Intake.Events.Do(bench.Take).Publish();
        using var queued = new QueueOnly(events, bench.Intake.Heads, bench.Time);
        using var run = events.Connect();
        bench.Pass(TimeSpan.FromSeconds(30));

        Trouble(bench, random);
        var script = new MarketScript(bench.Node, random);
        var (blocks, disconnects, reorganisations) = (0, 0, 0);
        while (disconnects < Disconnects || reorganisations < Reorganisations || script.Requests < Requests)
        {
            script.Mine(most: 9);
            blocks++;
            if (blocks % 8 == 0)
            {
                disconnects++;
                bench.Link.Disconnect();
            }

            if (blocks % 17 == 0)
            {
                reorganisations++;
                Reorganise(bench, script, random);
            }

            // Now and then there is nothing for minutes.
            bench.Link.Push();
            bench.Pass(TimeSpan.FromSeconds(random.Next(40) == 0 ? 200 : random.Next(1, 13)));
        }

        (bench.Link.Instead, bench.Link.View) = (_ => null, () => bench.Node.Chain);
        bench.Node.Mine();
        bench.Pass(TimeSpan.FromSeconds(90));

        bench.AssertComplete();
        Assert.Null(bench.LastHealth.Problem);
        Assert.True(bench.Told.OfType<Reverted>().Count() > Reorganisations);
        var fresh = new IntakeBench(node: bench.Node);
        using var freshQueue = new QueueOnly(fresh.Intake.Events, fresh.Intake.Heads, fresh.Time);
        fresh.Pass(TimeSpan.FromSeconds(90));
        Assert.Equal(freshQueue.OpenSlots, queued.OpenSlots);
        Assert.Equal(freshQueue.Queue, queued.Queue);
        Assert.True(queued.Queue.Count > Requests);
    }

    private static void Reorganise(IntakeBench bench, MarketScript script, Random random)
    {
        var depth = random.Next(1, 11);
        bench.Node.Drop(depth);
        for (var i = random.Next(Math.Max(1, depth - 2), depth + 3); i > 0; i--)
        {
            script.Mine(most: 6);
        }
    }

    private static void Trouble(IntakeBench bench, Random random)
    {
        // A balancer with several back ends, some of which are behind and some on a branch that was left.
        bench.Link.View = () => random.Next(4) == 0
            ? bench.Node.Views[random.Next(bench.Node.Views.Count)]
            : bench.Node.Chain;
        bench.Link.Instead = request => random.Next(60) switch
        {
            0 => new RpcNoAnswer("There was no answer within 20 s.", MayHaveArrived: true),
            1 => new RpcNoAnswer("There is no connection.", MayHaveArrived: false),
            2 => new RpcError(429, "too many requests", default, TimeSpan.FromSeconds(random.Next(1, 20))),
            3 => new RpcError(-32000, "header not found", default),
            4 => new RpcResult("null"u8.ToArray()),
            5 => Garbage(bench, request, random),
            6 when request.Method == "eth_getLogs" => new RpcResult("[]"u8.ToArray()),
            _ => null,
        };
    }

    private static RpcResult Garbage(IntakeBench bench, RpcRequest request, Random random)
    {
        if (bench.Node.Answer(request) is not RpcResult result)
        {
            return new RpcResult("{}"u8.ToArray());
        }

        var text = result.Json.ToArray();
        return new RpcResult(text.AsMemory(0, random.Next(text.Length)));
    }
}
