using System.Globalization;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;
using CodexSales.Rx.Ethereum.Anvil.Tests.Nodes;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or is the process that some of them start and kill, kills as often as it is told to, or measures.
switch (args)
{
    case ["sell", var node, var marketplace, var account, var store]:
        await SellingProcess.SellAsync(
            new HostSettings(new Uri(node), Address.Parse(marketplace), Number(account), store));
        return 0;
    case ["crash", var kills, var seed]:
        var run = new CrashRun(Number(kills), Number(seed));
        await run.RunAsync(CancellationToken.None);
        Console.WriteLine($"{run.Killed} kills: {run.Filled} slots filled, all of them paid, nothing sent twice.");
        return 0;
    case ["latency", var requests, "push" or "poll"]:
        await new ReserveLatency(Number(requests), isPushed: args[2] == "push").RunAsync();
        return 0;
    case ["nodes", var seconds, var quickening]:
        foreach (var kind in Enum.GetValues<NodeKind>())
        {
            await NodeDay.RunAsync(
                kind, (ulong)Number(seconds), Number(quickening), Console.WriteLine, CancellationToken.None);
        }

        return 0;
    default:
        return await ConsoleRunner.Run(args);
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
