using System.Diagnostics;
using System.Globalization;
using CodexSales.Rx.Ethereum.Tests.Transactions;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or as many hours of a lane on chains of each speed as it is told to.
switch (args)
{
    case ["lane", var hours, var seed]:
        foreach (var secondsPerBlock in new[] { 0.25, 2, 12 })
        {
            var watch = Stopwatch.StartNew();
            var day = new LaneDay(secondsPerBlock, int.Parse(seed, CultureInfo.InvariantCulture))
                .Run(double.Parse(hours, CultureInfo.InvariantCulture));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{hours} h, a block every {secondsPerBlock} s, in {watch.Elapsed.TotalSeconds:F0} s: {day.Summary}."));
            LaneDayTests.AssertWell(day);
        }

        return 0;
    default:
        return await ConsoleRunner.Run(args);
}
