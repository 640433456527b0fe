using System.Diagnostics;
using System.Globalization;
using System.Reactive.Linq;
using CodexSales.Rx.Domain;
using CodexSales.Rx.Ethereum.Store;

namespace CodexSales.Rx.Ethereum.Anvil.Tests.EndToEnd;

/// <summary>
/// Measures how long it takes from a block with a request until the node has the transaction that reserves a slot of
/// it.
/// </summary>
internal sealed class ReserveLatency(int requests, bool isPushed)
{
    private static readonly string[] Stages =
        ["block is heard of", "sale begins", "reserving is stored", "node has the reservation"];

    private readonly List<double[]> _milliseconds = [];

    /// <summary>Asks for storage again and again, and prints the median time until each stage.</summary>
    public async Task RunAsync()
    {
        using var folder = new TemporaryFolder();
        await using var day = await MarketDay.StartAsync();
        var settings = day.SettingsFor(account: 1, folder.File("sales.db"));
        var marks = new long[Stages.Length];
        using var host = new SellingHost(settings with { Node = isPushed ? day.Node.WebSocketUrl : day.Node.HttpUrl })
        {
            Told = step => Mark(marks, step.State switch
            {
                SaleStateName.SalePreparing => 1,
                SaleStateName.SaleSlotReserving => 2,
                _ => null,
            }),
        };
        using var heads = host.Heads.Subscribe(_ => Mark(marks, 0));
        var reserved = host.Sent.Where(notice => notice.Purpose.Kind is TransactionKind.ReserveSlot);
        using var sent = reserved.Subscribe(_ => Mark(marks, 3));
        day.Followers = host.ReachAsync;
        await host.RunAsync();
        await day.MakeBlocksAsync(2, CancellationToken.None);

        while (_milliseconds.Count < requests)
        {
            await day.RequestAsync(slots: 1, periods: 10, periodsUntilExpiry: 9);
            var isReserved = reserved.FirstAsync().Replay(1);
            using var waiting = isReserved.Connect();
            Array.Clear(marks);
            await day.MakeBlocksAsync(1, CancellationToken.None);
            var begun = day.BlockBegunAt;
            await isReserved;
            _milliseconds.Add([.. marks.Select(mark => Stopwatch.GetElapsedTime(begun, mark).TotalMilliseconds)]);
            var before = host.Steps.Count(step => step.State is SaleStateName.SaleProving);
            await day.UntilAsync(
                () => host.Steps.Count(step => step.State is SaleStateName.SaleProving) > before,
                CancellationToken.None);
        }

        Print();
    }

    // The first time counts.
    private static void Mark(long[] marks, int? stage)
    {
        if (stage is { } index)
        {
            Interlocked.CompareExchange(ref marks[index], Stopwatch.GetTimestamp(), 0);
        }
    }

    private void Print()
    {
        foreach (var (index, stage) in Stages.Index())
        {
            var times = _milliseconds.Select(marks => marks[index]).Order().ToList();
            var (median, most) = (times[times.Count / 2], times[times.Count * 9 / 10]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{stage,-26} median {median,7:0.0} ms, 9 of 10 within {most,7:0.0} ms"));
        }
    }
}
