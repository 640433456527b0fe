using System.Diagnostics;
using CodexSales.Rx.Sqlite.Tests.Crashes;
using CodexSales.Rx.Sqlite.Tests.Durability;
using Xunit.Runner.InProc.SystemConsole;

// Runs the tests, or is one of the processes that some of them start and kill, or kills as often as it is told to.
switch (args)
{
    case ["save-batches", var path, var first]:
        return await SavingProcess.SaveBatchesAsync(path, int.Parse(first, CultureInfo.InvariantCulture));
    case ["sell", var folder, var seed]:
        return SellingProcess.Sell(folder, int.Parse(seed, CultureInfo.InvariantCulture));
    case ["crash", var kills, var seed]:
        var run = new CrashRun(
            int.Parse(kills, CultureInfo.InvariantCulture), int.Parse(seed, CultureInfo.InvariantCulture));
        var watch = Stopwatch.StartNew();
        await run.RunAsync(CancellationToken.None);
        Console.WriteLine(
            $"{run.Killed} kills in {run.Worlds} worlds, in {watch.Elapsed.TotalSeconds:F0} s: {run.Sent} transactions, "
            + $"{run.SentTwice} of them sent twice; {run.Filled} slots filled, {run.Paid} paid; the books balanced after each start.");
        return 0;
    default:
        return await ConsoleRunner.Run(args);
}
