using System.Diagnostics;
using System.Globalization;
using CodexSales.Rx.Ethereum.Tests.Intake;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or reads behind as many odd nodes as it is told to.
switch (args)
{
    case ["odd-nodes", var seeds, var first]:
        var (count, begin) = (int.Parse(seeds, CultureInfo.InvariantCulture), int.Parse(first, CultureInfo.InvariantCulture));
        var (watch, missing, corrected, wrong) = (Stopwatch.StartNew(), 0, 0, 0);
        for (var seed = begin; seed < begin + count; seed++)
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
    default:
        return await ConsoleRunner.Run(args);
}
