using System.Diagnostics;
using System.Globalization;
using CodexSales.Rx.Ethereum.Tests;
using CodexSales.Rx.Ethereum.Tests.Intake;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or as many hours of transactions on chains of each speed, or reads behind as many odd nodes, as it is told to, or
// counts round trips.
switch (args)
{
    case ["transactions", var hours, var seed]:
        foreach (var secondsPerBlock in new[] { 0.25, 2, 12 })
        {
            var clock = Stopwatch.StartNew();
            var day = new TransactionDay(secondsPerBlock, Number(seed)).Run(double.Parse(hours, CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{hours} h, a block every {secondsPerBlock} s, in {clock.Elapsed.TotalSeconds:F0} s: {day.Summary}."));
            TransactionDayTests.AssertWell(day);
        }

        return 0;
    case ["odd-nodes", var seeds, var first]:
        return RunOddNodes(Number(seeds), Number(first));
    case ["round-trips"]:
        foreach (var (what, target, trips) in RoundTrips.Count())
        {
            Console.WriteLine($"{trips} of at most {target}, {trips * CodexSales.Rx.Ethereum.Tests.Transactions.FakeNode.Latency.TotalMilliseconds} ms: {what}");
        }

        return 0;
    default:
        return await ConsoleRunner.Run(args);
}

static int RunOddNodes(int count, int first)
{
    var (watch, missing, corrected, wrong) = (Stopwatch.StartNew(), 0, 0, 0);
    for (var seed = first; seed < first + count; seed++)
    {
        try
        {
            var run = new OddNodeRun(seed);
            run.Go();
            missing += run.IsMissing ? 1 : 0;
            corrected += run.IsCorrected ? 1 : 0;
        }
        catch (Exception failed)
        {
            wrong++;
            Console.WriteLine($"Seed {seed}: {failed.Message}");
        }
    }

    Console.WriteLine(
        $"{count} seeds in {watch.Elapsed.TotalSeconds:F0} s: in all but {wrong} the open slots are those of a fresh read; "
        + $"{corrected} times it was told that logs had been left out, {missing} times what the node had no more.");
    return wrong == 0 ? 0 : 1;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
